"""Parts that are not edited keep their compressed bytes, their order and their names."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from commissioning.engine.archive import rewritten

if TYPE_CHECKING:
    from pathlib import Path


class Forwards(io.BytesIO):
    """A stream that cannot go back: zipfile then writes sizes behind the data."""

    def seekable(self) -> bool:
        """Whether it can go back."""
        return False

    def tell(self) -> int:
        """Nobody knows where it is."""
        raise OSError


def entries(*names: str) -> dict[str, bytes]:
    return {name: name.encode() * 100 for name in names}


def zipped(contents: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.comment = b"kept"
        for name, data in contents.items():
            archive.writestr(name, data)
    return stream.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def compressed(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
    start = info.header_offset + 30 + len(name.encode())
    return data[start : start + info.compress_size]


def test_entries_are_replaced_left_out_and_added_and_the_others_keep_order_and_bytes() -> None:
    old = zipped(entries("a", "b", "c", "d"))
    new = rewritten(old, {"b": b"B", "c": None, "e": b"E"})
    assert list(read(new).items()) == [
        ("a", b"a" * 100),
        ("b", b"B"),
        ("d", b"d" * 100),
        ("e", b"E"),
    ]
    assert compressed(new, "a") == compressed(old, "a")
    assert compressed(new, "d") == compressed(old, "d")


def test_the_same_edits_give_the_same_bytes() -> None:
    old = zipped(entries("a", "b"))
    assert rewritten(old, {"b": b"B", "c": b"C"}) == rewritten(old, {"b": b"B", "c": b"C"})


def test_the_comment_and_names_in_other_alphabets_stay() -> None:
    new = rewritten(zipped(entries("a", "größe", "日本")), {"a": b"A"})
    assert list(read(new)) == ["a", "größe", "日本"]
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.comment == b"kept"


def test_sizes_behind_the_data_are_moved_into_the_header() -> None:
    stream = Forwards()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries("a", "b").items():
            archive.writestr(name, data)
    streamed = stream.getvalue()
    assert b"PK\x07\x08" in streamed
    new = rewritten(streamed, {"b": b"B"})
    assert read(new) == {"a": b"a" * 100, "b": b"B"}
    assert b"PK\x07\x08" not in new


def test_times_and_permissions_of_entries_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    info = zipfile.ZipInfo("a", (2020, 5, 17, 13, 45, 58))
    info.external_attr = 0o640 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, b"old")
    with zipfile.ZipFile(io.BytesIO(rewritten(path.read_bytes(), {"a": b"new"}))) as archive:
        new = archive.getinfo("a")
    assert (new.date_time, new.external_attr) == ((2020, 5, 17, 13, 45, 58), 0o640 << 16)
