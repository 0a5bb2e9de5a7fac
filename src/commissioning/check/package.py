"""Reading an Office Open XML package safely: a zip file of parts, content types, relationships.

The file is untrusted: sizes are bounded before anything is unpacked, XML is parsed without
entities, DTDs and network, and nothing is ever written or executed.

Standard: ECMA-376 part 2, Open Packaging Conventions.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lxml import etree

from commissioning.check.findings import printable
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element

#: A package unpacks to no more than this, in bytes.
MOST_BYTES = 1 << 30
#: A part that is parsed whole, in bytes; sheets and shared strings are read row by row.
MOST_PARSED = 64 << 20
#: Deflate reaches 1,032 to 1 on nothing but repetition; real sheets stay far below this.
MOST_RATIO = 300
#: Parts smaller than this, in bytes, do no harm however well they are compressed.
HARMLESS = 16 << 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[Content_Types].xml"
_REPAIR = "open it in Excel, let it repair the file and save it under a new name"
_FRESH = "fetch a fresh copy of it"

#: What zipfile and its decompressors raise on damaged files.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
)


_CHUNK = 1 << 16


class Relationship(NamedTuple):
    """A relationship of a part, or of the package itself.

    Attributes:
        id: its id, unique in the part.
        kind: last segment of its type, such as "worksheet" or "hyperlink".
        target: name of the part, or the address as it stands where `external`.
        external: whether it leads out of the package.
    """

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of one file; a part is unpacked when it is read.

    Attributes:
        path: the file.
        data: its bytes, as they were when it was opened.
    """

    def __init__(self, path: Path) -> None:
        """Open a file and check that it is a sound zip file.

        Raises:
            WorkbookError: it cannot be read, or is no package, or not one that is safe to unpack.
        """
        self.path = path
        self.data = self._data()
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(self.data))
            infos = [info for info in self._archive.infolist() if not info.is_dir()]
        except _DAMAGE as error:
            raise self.error(f"is damaged ({error})", _FRESH) from None
        self._guard(infos)
        self._infos = {info.filename.casefold(): info for info in infos}
        if _CONTENT_TYPES.casefold() not in self._infos:
            raise self._not_office()
        for name in self.names:
            self._verify(name)

    def error(self, fault: str, remedy: str) -> WorkbookError:
        """The error that names the file, what is wrong with it and what to do next."""
        return WorkbookError(f"{self.path} {printable(fault)}; {remedy}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the order of the file."""
        return tuple(info.filename for info in self._infos.values())

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name; names are equal without regard to case."""
        return name.casefold() in self._infos

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            WorkbookError: the part is missing or damaged.
        """
        info = self._info(name)
        try:
            return self._archive.read(info)
        except _DAMAGE as error:
            raise self.error(f"is damaged in the part {name} ({error})", _FRESH) from None

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece.

        Raises:
            WorkbookError: the part is missing or damaged.
        """
        if name not in self:
            raise self.error(f"lacks the part {name}", _REPAIR)
        try:
            with self._archive.open(self._infos[name.casefold()]) as part:
                while piece := part.read(_CHUNK):
                    yield piece
        except _DAMAGE as error:
            raise self.error(f"is damaged in the part {name} ({error})", _FRESH) from None

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name not in self:
            raise self.error(f"lacks the part {name}", _REPAIR)
        return self._infos[name.casefold()]

    def xml(self, name: str, *, verbatim: bool = False) -> _Element:
        """The root element of a part, parsed whole.

        Args:
            name: the part.
            verbatim: keep comments and processing instructions, for writing the part again.

        Raises:
            WorkbookError: the part is missing, too large, not well-formed or has a DOCTYPE.
        """
        data = self.read(name)
        if len(data) > MOST_PARSED:
            raise self.error(f"has {len(data):,} bytes in the part {name}", _REPAIR)
        parser = etree.XMLParser(**(_SAFE | _VERBATIM if verbatim else _SAFE))
        try:
            root: _Element = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._malformed(name, error) from None
        return self._without_doctype(name, root)

    def stream(self, name: str, tag: str, visit: Callable[[_Element], None]) -> _Element:
        """Parse a part, showing each element of a tag as it ends and forgetting it then.

        Returns:
            The root element, its elements of that tag emptied.

        Raises:
            WorkbookError: the part is missing, not well-formed or has a DOCTYPE.
        """
        elements = self.elements(name, tag)
        while True:
            try:
                visit(next(elements))
            except StopIteration as end:
                root: _Element = end.value
                return root

    def elements(self, name: str, tag: str) -> Generator[_Element, None, _Element]:
        """Parse a part as far as its elements of a tag are asked for; each is forgotten then.

        Returns:
            The root element, its elements of that tag emptied.

        Raises:
            WorkbookError: the part is missing, not well-formed or has a DOCTYPE.
        """
        parser = etree.XMLPullParser(events=("end",), tag=tag, **_SAFE)
        held = 0
        try:
            for piece in self.chunks(name):
                parser.feed(piece)
                held += len(piece)
                for _, found in parser.read_events():
                    element = cast("_Element", found)
                    if held:
                        self._without_doctype(name, element)
                    yield element
                    _forget(element)
                    held = 0
                if held > MOST_PARSED:
                    raise self.error(f"holds too much in one place of the part {name}", _REPAIR)
            root: _Element = parser.close()
        except etree.XMLSyntaxError as error:
            raise self._malformed(name, error) from None
        return self._without_doctype(name, root)

    def content_type(self, name: str) -> str | None:
        """The content type of a part, None where none is declared."""
        defaults, overrides = self._content_types
        extension = posixpath.splitext(name)[1].removeprefix(".")
        return overrides.get(name.casefold()) or defaults.get(extension.casefold())

    def relationships(self, name: str = "") -> list[Relationship]:
        """The relationships of a part, or of the package, in the order of the file."""
        part = self.relationships_part(name)
        folder = posixpath.dirname(name)
        return list(self._relationships(part, folder)) if part in self else []

    def relationships_part(self, name: str) -> str:
        """The name that the part with a part's relationships has."""
        folder, base = posixpath.split(name)
        return posixpath.join(folder, "_rels", f"{base}.rels")

    def _relationships(self, part: str, folder: str) -> Iterator[Relationship]:
        for element in self.xml(part):
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = target.partition("#")[0]
                target = posixpath.normpath(posixpath.join("/", folder, target)) if target else ""
            kind = element.get("Type", "").rpartition("/")[2]
            yield Relationship(element.get("Id", ""), kind, target.removeprefix("/"), external)

    @cached_property
    def _content_types(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        defaults, overrides = {}, {}
        for element in self.xml(_CONTENT_TYPES):
            kind = element.get("ContentType", "")
            defaults[element.get("Extension", "").casefold()] = kind
            overrides[element.get("PartName", "").removeprefix("/").casefold()] = kind
        return defaults, overrides

    def _data(self) -> bytes:
        try:
            status = self.path.stat()
            if stat.S_ISDIR(status.st_mode):
                raise self.error("is a folder", "give the name of a workbook in it")
            if not stat.S_ISREG(status.st_mode):
                raise self.error("is not a file", "give the name of a workbook")
            if status.st_size > MOST_BYTES:
                raise self.error(f"has {status.st_size:,} bytes", "check a smaller workbook")
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise self.error("does not exist", "check the name and the folder") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise self.error(
                f"cannot be read ({reason})", "close it elsewhere and check your access to it"
            ) from None
        if not data:
            raise self.error("is empty", _FRESH)
        if data.startswith(_OLE):
            raise self._ole(data)
        if not data.startswith(b"PK"):
            raise self.error(
                "is not an Excel workbook", "open it in the program that made it and save as .xlsx"
            )
        return data

    def _ole(self, data: bytes) -> WorkbookError:
        if _ENCRYPTED in data:
            return self.error(
                "is protected by a password", "open it in Excel, remove the password and save it"
            )
        return self.error(
            "is in the format of Excel 97-2003 (.xls)", "open it in Excel and save it as .xlsx"
        )

    def _not_office(self) -> WorkbookError:
        if "mimetype" in self and b"opendocument" in self.read("mimetype"):
            return self.error("is an OpenDocument file", "open it in its program and save as .xlsx")
        return self.error("is a zip file, not an Excel workbook", "give the name of a workbook")

    def _guard(self, infos: list[zipfile.ZipInfo]) -> None:
        """Refuse what must not be unpacked, going by the zip file's directory alone."""
        seen = set()
        for info in infos:
            name = info.filename
            if re.match(r"[A-Za-z]:|/", name) or "\\" in name or ".." in name.split("/"):
                raise self.error(f"has a part outside the package ({name})", "do not open it")
            if name.casefold() in seen:
                raise self.error(f"has the part {name} twice", "do not open it")
            seen.add(name.casefold())
            if info.flag_bits & 1:
                raise self.error(f"has an encrypted part ({name})", "remove the password")
            if info.file_size > max(HARMLESS, MOST_RATIO * info.compress_size):
                raise self.error(
                    f"would unpack {info.compress_size:,} bytes to {info.file_size:,} ({name})",
                    "do not open it",
                )
        total = sum(info.file_size for info in infos)
        if total > MOST_BYTES:
            raise self.error(f"would unpack to {total:,} bytes", "check a smaller workbook")

    def _verify(self, name: str) -> None:
        """Unpack a part piece by piece, so that zipfile compares its checksum."""
        for _ in self.chunks(name):
            pass

    def _malformed(self, name: str, error: etree.XMLSyntaxError) -> WorkbookError:
        return self.error(f"has a part that is not well-formed XML, {name} ({error.msg})", _REPAIR)

    def _without_doctype(self, name: str, root: _Element) -> _Element:
        if root.getroottree().docinfo.internalDTD is not None:
            raise self.error(f"has a DOCTYPE in the part {name}", "do not open it")
        return root


def _forget(element: _Element) -> None:
    """Empty an element and drop the one before it, which the parser has done with."""
    element.clear()
    before, parent = element.getprevious(), element.getparent()
    if before is not None and parent is not None and before.tag == element.tag:
        parent.remove(before)


_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_VERBATIM = {"remove_comments": False, "remove_pis": False, "strip_cdata": False}
