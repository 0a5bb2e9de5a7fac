"""Zip files that depend on nothing but what is in them: the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The first time that a zip file can tell.
_TIME = (1980, 1, 1, 0, 0, 0)


def zipped(parts: Mapping[str, bytes], *, compressed: bool) -> bytes:
    """Parts by name, in their order, as a zip file.

    What a compressor makes of them may change from one Python to the next.
    """
    stream = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = method
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return stream.getvalue()
