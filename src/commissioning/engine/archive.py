"""Writing a package again: parts that are not edited keep their compressed bytes.

Standard: PKWARE's APPNOTE, 4.3.7 (local file header), 4.3.12 and 4.3.16 (central directory).
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LOCAL = 30
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
#: Flags of an entry: sizes follow the data; the name is UTF-8.
_DESCRIPTOR, _UTF8 = 0x08, 0x800


def rewritten(data: bytes, edits: Mapping[str, bytes | None]) -> bytes:
    """A zip file with some of its entries replaced, and the others copied without unpacking them.

    Args:
        data: a sound zip file.
        edits: name of an entry -> its new bytes, None to leave it out; new names go to the end.
    """
    out, directory = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info, packed in _entries(archive, data, edits):
            info.header_offset = out.tell()
            out.write(info.FileHeader())
            out.write(packed)
            directory.append(_directory_entry(info))
        start, size, count = out.tell(), sum(map(len, directory)), len(directory)
        out.write(b"".join(directory))
        end = (b"PK\5\6", 0, 0, count, count, size, start, len(archive.comment))
        out.write(_END.pack(*end) + archive.comment)
    return out.getvalue()


def _entries(
    archive: zipfile.ZipFile, data: bytes, edits: Mapping[str, bytes | None]
) -> Iterator[tuple[zipfile.ZipInfo, bytes | memoryview]]:
    """Each entry of the new file, in order, with its compressed bytes."""
    new = dict(edits)
    for old in archive.infolist():
        info = copy.copy(old)
        # Extra fields repeat sizes and times, which the new headers have themselves.
        info.extra = b""
        info.flag_bits &= ~_DESCRIPTOR
        if old.filename not in new:
            yield info, _packed(data, old)
        elif (content := new.pop(old.filename)) is not None:
            yield info, _deflated(info, content)
    for name, content in new.items():
        if content is not None:
            info = zipfile.ZipInfo(name)
            yield info, _deflated(info, content)


def _packed(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    name, extra = struct.unpack_from("<2H", data, info.header_offset + _LOCAL - 4)
    start = info.header_offset + _LOCAL + name + extra
    return memoryview(data)[start : start + info.compress_size]


def _deflated(info: zipfile.ZipInfo, content: bytes) -> bytes:
    """Compress the content of an entry, and note its size and checksum."""
    compressor = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = compressor.compress(content) + compressor.flush()
    info.compress_type = zipfile.ZIP_DEFLATED
    info.CRC, info.file_size, info.compress_size = zlib.crc32(content), len(content), len(packed)
    return packed


def _directory_entry(info: zipfile.ZipInfo) -> bytes:
    name, flags = info.filename.encode(), info.flag_bits
    if not info.filename.isascii():
        flags |= _UTF8
    year, month, day, hour, minute, second = info.date_time
    return (
        _CENTRAL.pack(
            b"PK\1\2",
            info.create_version | info.create_system << 8,
            info.extract_version | info.reserved << 8,
            flags,
            info.compress_type,
            hour << 11 | minute << 5 | second // 2,
            year - 1980 << 9 | month << 5 | day,
            info.CRC,
            info.compress_size,
            info.file_size,
            len(name),
            0,
            len(info.comment),
            0,
            info.internal_attr,
            info.external_attr,
            info.header_offset,
        )
        + name
        + info.comment
    )
