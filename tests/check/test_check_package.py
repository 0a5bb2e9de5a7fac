"""Files that are no sound workbook are refused in one clear sentence."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spreadsheets import (
    BOOK,
    COVER,
    SPEND,
    STYLES,
    TYPES,
    Mutation,
    add,
    good_parts,
    replace,
    write,
)

from commissioning.check import lint, package, reader
from commissioning.check.reader import read_workbook
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable

BOMB = "0" * (package.HARMLESS + 1)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert message.isprintable()
    return message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "does not exist; check the name" in refusal(tmp_path / "none.xlsx")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "is not a file" in refusal(tmp_path / "pipe.xlsx")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "locked.xlsx", good_parts())

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be read (Permission denied); close it" in refusal(path)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (b"Service,Cost\nRoads,2\n", "is not an Excel workbook"),
        (OLE, "is in the format of Excel 97-2003 (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"PK\x03\x04 and no more", "is damaged"),
    ],
)
def test_a_file_of_another_format_is_refused(data: bytes, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(data)
    assert fault in refusal(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "half.xlsx", good_parts())
    path.write_bytes(path.read_bytes()[:-200])
    assert "is damaged" in refusal(path)


def test_a_wrong_checksum_is_refused_and_the_part_named(tmp_path: Path) -> None:
    path = tmp_path / "flipped.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in good_parts().items():
            archive.writestr(name, data)
    path.write_bytes(path.read_bytes().replace(b"<t>Parks</t>", b"<t>Barks</t>"))
    assert f"is damaged in the part {SPEND}" in refusal(path)


def test_an_encrypted_zip_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "encrypted.xlsx", good_parts())
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "has an encrypted part" in refusal(path)


def typed(kind: str) -> Mutation:
    """Give the main part another content type."""
    return replace(TYPES, MAIN_TYPE, kind)


@pytest.mark.parametrize(
    ("mutation", "fault"),
    [
        (lambda parts: parts.pop(TYPES), "is a zip file, not an Excel workbook"),
        (lambda parts: parts.pop("_rels/.rels"), "is not an Excel workbook"),
        (typed("application/vnd.ms-word.document.macroEnabled.main+xml"), "is a Word document"),
        (
            typed(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
            ),
            "is a Word document",
        ),
        (
            typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
            "is a binary workbook (.xlsb)",
        ),
        (replace(BOOK, NAMESPACE, "urn:other"), "is not an Excel workbook"),
        (
            replace(BOOK, NAMESPACE, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
            "is a Strict Open XML workbook",
        ),
        (replace(BOOK, "<sheets>", "<sheets/><none>"), "is not well-formed XML, xl/workbook.xml"),
        (lambda parts: parts.pop(BOOK), "lacks the part xl/workbook.xml"),
        (replace(SPEND, "</sheetData>", ""), f"has a part that is not well-formed XML, {SPEND}"),
        (lambda parts: parts.update({STYLES: b""}), f"not well-formed XML, {STYLES}"),
        (
            replace(STYLES, "<styleSheet", f"{DOCTYPE}<styleSheet"),
            f"a DOCTYPE in the part {STYLES}",
        ),
        (replace(COVER, "<worksheet", f"{DOCTYPE}<worksheet"), f"a DOCTYPE in the part {COVER}"),
        (add("../evil.txt", "text"), "has a part outside the package (../evil.txt)"),
        (add("C:/evil.txt", "text"), "has a part outside the package (C:/evil.txt)"),
        (add("XL/WORKBOOK.XML", "text"), "has the part XL/WORKBOOK.XML twice"),
        (add("xl/bomb.xml", BOMB), "(xl/bomb.xml); do not open it"),
    ],
)
def test_a_package_that_is_no_sound_workbook_is_refused(
    mutation: Callable[[dict[str, bytes]], object], fault: str, tmp_path: Path
) -> None:
    parts = dict(good_parts())
    mutation(parts)
    assert fault in refusal(write(tmp_path / "bad.xlsx", parts))


def test_a_workbook_without_sheets_is_refused(tmp_path: Path) -> None:
    parts = dict(good_parts())
    text = parts[BOOK].decode()
    start, end = text.index("<sheets>"), text.index("</sheets>")
    parts[BOOK] = (text[:start] + "<sheets>" + text[end:]).encode()
    assert "has no sheets" in refusal(write(tmp_path / "bad.xlsx", parts))


def test_an_opendocument_file_is_refused(tmp_path: Path) -> None:
    mime = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
    assert "is an OpenDocument file" in refusal(write(tmp_path / "other.xlsx", mime))


@pytest.mark.parametrize(
    ("limit", "fault"),
    [
        ((package, "MOST_BYTES", 20_000), "would unpack to"),
        ((package, "MOST_BYTES", 1_000), "bytes; check a smaller workbook"),
        ((package, "MOST_PARSED", 1_000), "bytes in the part"),
        ((reader, "MOST_CELLS", 5), "has more than 5 cells"),
    ],
)
def test_a_workbook_beyond_a_limit_is_refused(
    limit: tuple[object, str, int], fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*limit)
    assert fault in refusal(write(tmp_path / "large.xlsx", good_parts()))


def test_a_row_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_PARSED", 70_000)
    parts = dict(good_parts())
    replace(SPEND, '<c r="A8"', f'{"<c/>" * 50_000}<c r="A8"')(parts)
    assert f"holds too much in one place of the part {SPEND}" in refusal(
        write(tmp_path / "wide.xlsx", parts)
    )


@pytest.mark.parametrize("part", [COVER, STYLES])
def test_entities_that_multiply_are_refused_before_they_fill_the_memory(
    part: str, tmp_path: Path
) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    parts = dict(good_parts())
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{levels}]>'
    parts[part] = doctype.encode() + parts[part].replace(b" ", b' bomb="&a9;" ', 1)
    assert part in refusal(write(tmp_path / "bad.xlsx", parts))


def test_a_part_in_utf_16_is_read(tmp_path: Path) -> None:
    parts = dict(good_parts())
    for part in (BOOK, COVER, STYLES):
        parts[part] = parts[part].decode().encode("utf-16")
    assert lint(read_workbook(write(tmp_path / "wide.xlsx", parts))) == []


def test_no_external_entity_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    parts = dict(good_parts())
    replace(COVER, "<worksheet", f"{doctype}<worksheet")(parts)
    replace(COVER, "<t>Spend by service", "<t>&e;")(parts)
    assert "has a DOCTYPE" in refusal(write(tmp_path / "bad.xlsx", parts))
