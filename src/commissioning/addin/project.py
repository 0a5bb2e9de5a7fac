"""The VBA project as Excel stores it: text in, bytes out.

Written by pyOpenVBA, whose project is taken from a file that Excel made: a writer of our own would
be two hundred lines that nobody has ever tried in Excel.
Format: [MS-OVBA].
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.addin import PROJECT
from commissioning.addin.vba import ENCODING, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.addin.vba import Module

PART = "xl/vbaProject.bin"

#: Record of the project's name in the stream `dir`: id, length, name.
_NAME = b"\x04\x00"


def project(modules: Sequence[Module]) -> bytes:
    """The part `vbaProject.bin`; the same modules give the same bytes."""
    from pyopenvba import ExcelFile
    from pyopenvba.vba import VBAModuleKind

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.xlam"
        with ExcelFile.create_new(path) as file:
            vba = file.vba_project()
            vba.delete_module("Module1")
            for module in modules:
                if module.kind is Kind.DOCUMENT:
                    file.set_module(module.name, module.text)
                    continue
                standard = module.kind is Kind.STANDARD
                kind = VBAModuleKind.standard if standard else VBAModuleKind.other
                vba.add_module(module.name, module.text, kind=kind)
            file.save()
        with zipfile.ZipFile(path) as archive:
            return _renamed(archive.read(PART))


def _renamed(data: bytes) -> bytes:
    """The project under our name; pyOpenVBA leaves it the one of its template."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, decompress

    old, new = b"VBAProject", PROJECT.encode(ENCODING)
    file = CFB.from_bytes(data)
    text = file.get_stream("PROJECT")
    file.write_stream("PROJECT", text.replace(b'Name="%b"' % old, b'Name="%b"' % new))
    records = decompress(file.get_stream_in_storage("VBA", "dir"))
    records = records.replace(_record(old), _record(new))
    file.write_stream_in_storage("VBA", "dir", compress(records))
    renamed: bytes = file.to_bytes()
    return renamed


def _record(name: bytes) -> bytes:
    return _NAME + len(name).to_bytes(4, "little") + name
