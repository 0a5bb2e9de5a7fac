"""Whatever a file holds, it is read or refused: no other error."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from spreadsheets import good_parts, write

from commissioning.check import lint
from commissioning.check.formulas import scan
from commissioning.check.reader import read_workbook
from commissioning.errors import WorkbookError

PARTS = sorted(good_parts())
#: What XML and attributes are made of, and what breaks careless readers of them.
PIECES = st.sampled_from(
    [
        *("", "0", "-1", "1e999", "nan", "99999999999", "\N{ARABIC-INDIC DIGIT ONE}"),
        *("A1", "A0:ZZZZ9", "<", "/>", '"', "'", "[", "]", "&amp;", "&x;", "_xD800_", "\x00"),
    ]
)


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(WorkbookError):
        path = Path(folder, "fuzzed.xlsx")
        path.write_bytes(data)
        lint(read_workbook(path))


def packed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder, "sound.xlsx"), good_parts()).read_bytes()


SOUND = packed()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(1, 255)), max_size=4),
    st.one_of(st.none(), st.integers(0, len(SOUND))),
)
def test_a_damaged_package_is_read_or_refused(
    flips: list[tuple[int, int]], length: int | None
) -> None:
    data = bytearray(SOUND)
    for position, mask in flips:
        data[position] ^= mask
    check(bytes(data[:length]))


@settings(max_examples=max(150, settings().max_examples), deadline=None)
@given(st.sampled_from(PARTS), st.floats(0, 1), st.integers(0, 12), PIECES)
def test_a_damaged_part_is_read_or_refused(part: str, place: float, cut: int, piece: str) -> None:
    parts = dict(good_parts())
    start = int(place * len(parts[part]))
    parts[part] = parts[part][:start] + piece.encode() + parts[part][start + cut :]
    with tempfile.TemporaryDirectory() as folder:
        check(write(Path(folder, "fuzzed.xlsx"), parts).read_bytes())


@settings(max_examples=max(150, settings().max_examples), deadline=None)
@given(st.sampled_from(PARTS), st.integers(0, 400), PIECES)
def test_a_part_with_a_wrong_attribute_is_read_or_refused(
    part: str, place: int, piece: str
) -> None:
    """Attributes are where numbers and references stand: each in turn gets another value."""
    parts = dict(good_parts())
    pieces = parts[part].split(b'"')
    pieces[min(place * 2 + 1, len(pieces) - 1)] = piece.encode()
    parts[part] = b'"'.join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        check(write(Path(folder, "fuzzed.xlsx"), parts).read_bytes())


@given(st.text(alphabet="A1b(){}[]'\"#@!:, $é\\", max_size=40))
@example("'" * 3)
def test_any_text_can_be_scanned_as_a_formula(text: str) -> None:
    assert scan(text).text == text
