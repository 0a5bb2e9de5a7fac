"""Whatever a file holds, a refresh refuses it in one sentence or writes a sound workbook."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commissioning.check.reader import read_workbook
from commissioning.cli import main
from commissioning.errors import WorkbookError
from filling import blank_bytes
from rich import rich_bytes
from rich_evidence import changed_pack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: What XML and attributes are made of, and what breaks careless readers and writers of them.
PIECES = st.sampled_from(
    [
        *("", "0", "-1", "1e999", "nan", "99999999999", "\N{ARABIC-INDIC DIGIT ONE}", "1:1"),
        *("A1", "A0:ZZZZ9", "A1:XFD1048576", "<", "/>", '"', "'", "[", "]", "#REF!", "$A:$A"),
        *("&amp;", "&x;", "_xD800_", "\x00", "s", "shared", "array", "true", "Actions", "=1"),
    ]
)
#: Parts that a refresh reads or edits; the others are only copied.
_READ = (
    "[Content_Types].xml",
    "_rels/",
    "xl/workbook.xml",
    "xl/worksheets/",
    "xl/tables/",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/charts/",
    "xl/calcChain.xml",
)


@cache
def _parts(kind: str) -> Mapping[str, bytes]:
    data = blank_bytes() if kind == "plain" else rich_bytes(blank_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def _fuzzed(kind: str) -> list[str]:
    return sorted(name for name in _parts(kind) if name.startswith(_READ))


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed_pack(tmp_path_factory.mktemp("packs") / "pack")


@pytest.fixture
def refreshed(
    pack: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> _Refreshed:
    return _Refreshed(pack, tmp_path_factory.mktemp("fuzzed") / "book.xlsx", capsys)


class _Refreshed:
    """Refreshes a damaged file and looks at what becomes of it."""

    def __init__(self, pack: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.pack, self.path, self.capsys = pack, path, capsys

    def __call__(self, data: bytes) -> None:
        self.path.write_bytes(data)
        readable = self._is_readable()
        code = main(["refresh", str(self.path), "--evidence", str(self.pack)])
        printed = self.capsys.readouterr()
        if code == 2:
            assert printed.err.startswith("localis: ")
            assert len(printed.err.splitlines()) == 1
            assert self.path.read_bytes() == data
        else:
            assert code in {0, 1}
            # What is damaged and no business of ours stays as it is.
            assert self._is_readable() or not readable
            self._again()
        for left in self.path.parent.iterdir():
            left.unlink()

    def _is_readable(self) -> bool:
        try:
            return bool(read_workbook(self.path).sheets)
        except WorkbookError:
            return False

    def _again(self) -> None:
        """What a refresh has written can be refreshed again, and has nothing more to change."""
        once = self.path.read_bytes()
        assert main(["refresh", str(self.path), "--evidence", str(self.pack)]) in {0, 1}
        self.capsys.readouterr()
        assert self.path.read_bytes() == once


#: Each takes as long as hundreds of most tests.
_FEW = settings(
    max_examples=5 if settings().max_examples < 1000 else 200,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=list(HealthCheck),
)


@_FEW
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=4),
    st.floats(0, 1),
)
def test_a_damaged_package_is_refused_or_refreshed(
    refreshed: _Refreshed, flips: list[tuple[float, int]], length: float
) -> None:
    data = bytearray(blank_bytes())
    for place, mask in flips:
        data[int(place * len(data))] ^= mask
    refreshed(bytes(data[: int(length * len(data))] if length < 0.5 else data))


@_FEW
@given(st.sampled_from(["plain", "rich"]), st.data(), st.integers(0, 12), PIECES)
def test_a_damaged_part_is_refused_or_refreshed(
    refreshed: _Refreshed, kind: str, data: st.DataObject, cut: int, piece: str
) -> None:
    parts = dict(_parts(kind))
    part = data.draw(st.sampled_from(_fuzzed(kind)))
    start = data.draw(st.integers(0, len(parts[part])))
    parts[part] = parts[part][:start] + piece.encode() + parts[part][start + cut :]
    refreshed(_packed(parts))


@_FEW
@given(st.sampled_from(["plain", "rich"]), st.data(), PIECES)
def test_a_part_with_a_wrong_attribute_is_refused_or_refreshed(
    refreshed: _Refreshed, kind: str, data: st.DataObject, piece: str
) -> None:
    parts = dict(_parts(kind))
    part = data.draw(st.sampled_from(_fuzzed(kind)))
    pieces = parts[part].split(b'"')
    pieces[data.draw(st.integers(0, len(pieces) // 2 - 1)) * 2 + 1] = piece.encode()
    parts[part] = b'"'.join(pieces)
    refreshed(_packed(parts))


@_FEW
@given(st.sampled_from(["plain", "rich"]), st.data())
def test_a_missing_part_is_refused_or_refreshed(
    refreshed: _Refreshed, kind: str, data: st.DataObject
) -> None:
    parts = dict(_parts(kind))
    del parts[data.draw(st.sampled_from(_fuzzed(kind)))]
    refreshed(_packed(parts))
