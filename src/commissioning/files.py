"""Writing files so that a killed process or a full disk never costs one."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path

from commissioning.errors import WorkbookError

#: How many backups of one file are kept.
BACKUPS = 5


def write(path: Path, data: bytes, *, replace: bool) -> Path | None:
    """Write a file as a whole or not at all; returns the backup of the file it replaced, if any.

    Raises:
        WorkbookError: the file exists and may not be replaced, is open in Excel, or cannot be
            written; nothing has then changed.
    """
    _check(path, replace=replace)
    try:
        beside = _written_beside(path, data)
    except OSError as error:
        raise _refused(path, error) from None
    try:
        saved = backup(path) if path.exists() else None
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise _refused(path, error) from None
    return saved


def backup(path: Path) -> Path:
    """Copy a file beside itself under a name with the time; keeps the last `BACKUPS` copies."""
    now = dt.datetime.now().astimezone()
    copy = path.with_name(f"{path.stem}.backup-{now:%Y%m%d-%H%M%S-%f}{path.suffix}")
    shutil.copy2(path, copy)
    stem = f"{path.stem}.backup-"
    copies = sorted(
        each
        for each in path.parent.iterdir()
        if each.name.startswith(stem) and each.suffix == path.suffix
    )
    for old in copies[:-BACKUPS]:
        old.unlink()
    return copy


def _check(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise WorkbookError(f"{path} is a folder: add the name of the workbook.")
    if not path.parent.is_dir():
        raise WorkbookError(f"The folder {path.parent} does not exist: make it first.")
    if path.exists() and not replace:
        raise WorkbookError(
            f"{path} exists already: choose another name, or replace it with --force "
            "(a backup is kept)."
        )
    if path.with_name(f"~${path.name}").exists():
        raise WorkbookError(f"{path} is open in Excel: close it there first.")


def _written_beside(path: Path, data: bytes) -> Path:
    """A temporary file in the same folder with the data safely on disk."""
    handle, name = tempfile.mkstemp(prefix=".localis-", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(_mode(path))
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    return beside


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
