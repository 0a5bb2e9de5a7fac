"""The built add-in, once for all tests, and taken apart and put together again for mutations."""

from __future__ import annotations

import io
import warnings
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from commissioning.addin import build, package, project, source

with warnings.catch_warnings():
    # Of its own age: it calls pyparsing by names that are going.
    warnings.simplefilter("ignore")
    from oletools.mraptor import MacroRaptor
    from oletools.olevba import VBA_Parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.addin.vba import Module


__all__ = ["MacroRaptor", "VBA_Parser", "built", "modules", "parts", "with_part", "with_stream"]


@cache
def built() -> bytes:
    return build.build()


@cache
def modules() -> dict[str, Module]:
    return {module.name: module for module in source.modules()}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The add-in with one part changed."""
    found = parts(built())
    return package.zipped({**found, name: changed(found[name], change)})


def with_stream(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The add-in with one stream of its VBA project changed; `dir` and modules are unpacked."""
    file = CFB.from_bytes(parts(built())[project.PART])
    if name in file.list_streams_in_storage("VBA"):
        data = changed(decompress(file.get_stream_in_storage("VBA", name)), change)
        file.write_stream_in_storage("VBA", name, compress(data))
    else:
        file.write_stream(name, changed(file.get_stream(name), change))
    data = file.to_bytes()
    return with_part(project.PART, lambda _: data)


def changed(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The changed bytes; a change that changes nothing would prove nothing."""
    after = change(data)
    assert after != data
    return after
