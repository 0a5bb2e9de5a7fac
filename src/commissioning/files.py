"""Writing files so that a killed process or a full disk never costs one."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many backups of one file are kept.
BACKUPS = 5

#: What a program puts beside a file that it has open: Excel, then LibreOffice.
_LOCKS = ("~${}", ".~lock.{}#")


#: When a file was last written, in nanoseconds, and its size in bytes; None where there is none.
State = tuple[int, int] | None


def state(path: Path) -> State:
    """By what a file is known to be unchanged."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def write(path: Path, data: bytes, *, replace: bool, since: State = None) -> Path | None:
    """Write a file as a whole or not at all; returns the backup of the file it replaced, if any.

    Where the path is a link, the file that it leads to is written and the link stays. With the
    state in which the file was read, one that somebody has written since is left alone.

    Raises:
        WorkbookError: the file exists and may not be replaced, is open in another program, was
            written since, or cannot be written; nothing has then changed.
    """
    try:
        target = Path(os.path.realpath(path)) if path.is_symlink() else path
        _check(path, target, replace=replace)
        with _written_beside(target, data) as beside:
            if since and state(path) != since:
                raise WorkbookError(
                    f"{path} was changed by somebody else in the meantime; nothing was written. "
                    "Try again."
                )
            return _swap(beside, target)
    except OSError as error:
        raise _refused(path, error) from None


def backup(path: Path) -> Path:
    """Copy a file, as a whole or not at all, beside itself under a name with the time."""
    now = dt.datetime.now().astimezone()
    copy = path.with_name(f"{path.stem}.backup-{now:%Y%m%d-%H%M%S-%f}{path.suffix}")
    with _written_beside(copy, path.read_bytes()) as beside:
        shutil.copystat(path, beside)
        return beside.replace(copy)


def _swap(beside: Path, target: Path) -> Path | None:
    """Put the new file in the old one's place; returns the backup of the old one, if any."""
    saved = backup(target) if target.exists() else None
    try:
        beside.replace(target)
    except OSError:
        if saved:
            _remove(saved)
        raise
    if saved:
        prune(target, saved)
    return saved


def prune(path: Path, newest: Path | None = None) -> None:
    """Remove a file's backups but for the last five; the newest, where it is given, is kept."""
    name = rf"{re.escape(path.stem)}\.backup-\d{{8}}-\d{{6}}-\d{{6}}{re.escape(path.suffix)}"
    # By name alone the newest may not be the last: clocks go back an hour in autumn.
    try:
        beside = list(path.parent.iterdir())
    except OSError:
        # The file is written: a folder that cannot be listed keeps a backup more.
        return
    earlier = sorted(each for each in beside if re.fullmatch(name, each.name) and each != newest)
    for old in earlier[: (1 if newest else 0) - BACKUPS]:
        _remove(old)


def _check(path: Path, target: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise WorkbookError(f"{path} is a folder: add the name of the workbook.")
    if target.is_symlink():
        raise WorkbookError(f"{path} is a link that leads in a circle: choose another name.")
    if not target.parent.is_dir():
        raise WorkbookError(f"The folder {target.parent} does not exist: make it first.")
    if target.exists() and not replace:
        raise WorkbookError(
            f"{path} exists already: choose another name, or replace it with --force "
            "(a backup is kept)."
        )
    refuse_open(path)
    refuse_read_only(path)


def refuse_read_only(path: Path) -> None:
    """See that a file, or the one that a link leads to, may be written; one to be made may.

    A file is replaced, not written, so that the system would ask for the folder's permissions.

    Raises:
        WorkbookError: it is read-only.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not mode & stat.S_IWRITE or not os.access(path, os.W_OK):
        raise WorkbookError(
            f"{path} is read-only, and nothing was written: allow changes to it (on Windows in its "
            "Properties), or save a copy under another name and use that."
        )


def refuse_open(path: Path) -> None:
    """See that no program has a file open, or the file that a link leads to.

    Raises:
        WorkbookError: one has, by the lock beside it.
    """
    for held in (path, Path(os.path.realpath(path))):
        for lock in _LOCKS:
            if held.name and held.with_name(lock.format(held.name)).exists():
                raise WorkbookError(
                    f"{path} is open in Excel or another program: close it there first (or, if "
                    f"nobody has it open, delete the hidden file {lock.format(held.name)})."
                )


@contextlib.contextmanager
def _written_beside(path: Path, data: bytes) -> Iterator[Path]:
    """A temporary file in the same folder with the data safely on disk, ready to be renamed."""
    handle, name = tempfile.mkstemp(prefix=".localis-", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(_mode(path))
        yield beside
    finally:
        _remove(beside)


def _remove(path: Path) -> None:
    """Remove a file where that is possible; one left over does no harm."""
    with contextlib.suppress(OSError):
        path.unlink()


def _mode(path: Path) -> int:
    """The permissions of the file to replace, or those that a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _refused(path: Path, error: OSError) -> WorkbookError:
    return WorkbookError(
        f"{path} cannot be written ({error.strerror or error}): check the folder's permissions "
        "and free space, or choose another one."
    )
