"""Runs the command while something happens to one of its calls that change the disk."""

from __future__ import annotations

import ctypes
import errno
import gc
import io
import os
import struct
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, NoReturn

from commissioning.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from typing_extensions import Buffer

#: Exit code of a killed process.
KILLED = 99

#: What changes the disk, as Python's audit events name it; writing and syncing have no event.
_CHANGES = {
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: Most bytes that one call writes here, so that a file takes several.
_MOST = 1 << 16


class _Fault:
    """Counts the calls and strikes at one of them."""

    def __init__(self, kind: str, number: int) -> None:
        self.kind, self.number, self.calls = kind, number, 0

    def call(self, *, grows: bool = False) -> None:
        """A call is about to be made; `grows` says whether it takes up space."""
        if self.kind == "full" and not grows:
            return
        self.calls += 1
        if not self.number or self.calls < self.number:
            return
        if self.kind == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.calls == self.number:
            if self.kind == "kill":
                os._exit(KILLED)
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take notice of one of Python's audit events."""
        if event in _CHANGES:
            self.call()
        elif event == "open" and isinstance(flags := arguments[2], int) and flags & _WRITING:
            self.call(grows=True)


def install(fault: _Fault) -> None:
    """Let the fault strike at every call from now on."""
    sync = os.fsync

    class Raw(io.FileIO):
        """Writes little by little, as an operating system may."""

        def write(self, data: Buffer, /) -> int:
            fault.call(grows=True)
            return super().write(memoryview(data)[:_MOST])

    def fdopen(handle: int, mode: str) -> io.BufferedWriter:
        assert mode == "wb", mode
        return io.BufferedWriter(Raw(handle, mode))

    def fsync(handle: int) -> None:
        fault.call(grows=True)
        sync(handle)

    os.fdopen, os.fsync = fdopen, fsync  # type: ignore[assignment]
    sys.addaudithook(fault.audit)


def _give_up_privileges() -> None:
    """Let the permissions of files hold for root too (Linux: capabilities of the process)."""
    version_3 = struct.pack("Ii", 0x20080522, 0)
    if ctypes.CDLL(None, use_errno=True).capset(version_3, bytes(24)):
        raise OSError(ctypes.get_errno(), "capset")


def run(kind: str, number: int, folder: Path, output: Path, arguments: Sequence[str]) -> NoReturn:
    """Run the command in a folder and end the process, which has to be one of its own.

    At the call of that number, counted from 1, the process is killed (`kill`) or the call is
    refused (`refuse`), or from that call on the disk is full (`full`). With number 0 nothing
    happens to any of them.

    Args:
        kind: what happens.
        number: of the call to which it happens.
        folder: where the command runs.
        output: the folder for what it prints: `out`, whose last line is the number of calls, and
            `err`.
        arguments: of the command.
    """
    gc.freeze()
    sys.dont_write_bytecode = True
    # As in a process that has not looked for this folder yet.
    tempfile.tempdir = None
    os.chdir(folder)
    if sys.platform == "linux":
        _give_up_privileges()
    with (
        (output / "out").open("w", encoding="utf-8") as out,
        (output / "err").open("w", encoding="utf-8") as err,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        install(struck := _Fault(kind, number))
        code = main(arguments)
        out.write(f"{struck.calls}\n")
    sys.exit(code)
