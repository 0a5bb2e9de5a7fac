"""A file is written as a whole or not at all, and what it replaced is kept."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from commissioning import files
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = b"old" * 1000, b"new" * 2000

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions or links")

#: Writes NEW to a file and ends like a killed process at a given step: before a call that touches
#: the disk, or halfway through writing the data.
_KILLED = """
import os, sys
from pathlib import Path
from commissioning import files

path, last = Path(sys.argv[1]), int(sys.argv[2])
steps = 0

def step(name):
    global steps
    steps += 1
    if steps == last:
        os._exit(9)

def half_written(handle, *args):
    stream = opened(handle, *args)
    write = stream.write
    class Halves:
        fileno, flush = stream.fileno, stream.flush
        def __enter__(self): return self
        def __exit__(self, *_): stream.close()
        def write(self, data):
            write(data[:len(data) // 2])
            stream.flush()
            step("write")
            write(data[len(data) // 2:])
    return Halves()

def synced(handle):
    step("fsync")
    sync(handle)

opened, os.fdopen, sync, os.fsync = os.fdopen, half_written, os.fsync, synced
TOUCHES = {"open", "os.chmod", "os.rename", "os.remove", "os.utime"}
sys.addaudithook(lambda event, _: event in TOUCHES and step(event))
files.write(path, b"new" * 2000, replace=True)
os._exit(0)
"""


def _killed_at_each_step(path: Path) -> list[dict[str, bytes]]:
    """What the folder holds after the process was killed at its first, second, ... step."""
    before = _contents(path.parent)
    found = []
    for step in range(1, 100):
        for left in path.parent.iterdir():
            left.unlink()
        for name, data in before.items():
            (path.parent / name).write_bytes(data)
        run = subprocess.run([sys.executable, "-c", _KILLED, path, str(step)], check=False)
        found.append(_contents(path.parent))
        if run.returncode == 0:
            return found
        assert run.returncode == 9
    pytest.fail("the process never came to its end")


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.backup-*"))


def test_a_process_killed_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    found = _killed_at_each_step(path)
    assert len(found) > 8
    assert [left["book.xlsx"] for left in found] == sorted(
        (left["book.xlsx"] for left in found), key=[OLD, NEW].index
    )
    assert found[-1]["book.xlsx"] == NEW
    kept = [data for left in found for name, data in left.items() if ".backup-" in name]
    assert set(kept) == {OLD}
    assert all(
        any(".backup-" in name for name in left) for left in found if left["book.xlsx"] == NEW
    )


def test_a_process_killed_at_any_step_leaves_no_part_of_a_first_file(tmp_path: Path) -> None:
    found = _killed_at_each_step(tmp_path / "book.xlsx")
    assert {left.get("book.xlsx") for left in found} == {None, NEW}
    assert list(found[-1]) == ["book.xlsx"]


def test_an_existing_file_is_refused_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    with pytest.raises(WorkbookError, match="exists already: choose another name, or replace it"):
        files.write(path, NEW, replace=False)
    assert _contents(tmp_path) == {"book.xlsx": OLD}


def test_a_replaced_file_is_kept_under_the_name_that_is_returned(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    os.utime(path, (1e9, 1e9))
    saved = files.write(path, NEW, replace=True)
    assert saved is not None
    assert _contents(tmp_path) == {"book.xlsx": NEW, saved.name: OLD}
    assert saved.stat().st_mtime == 1e9


def test_a_first_file_has_no_backup(tmp_path: Path) -> None:
    assert files.write(tmp_path / "book.xlsx", NEW, replace=True) is None
    assert _contents(tmp_path) == {"book.xlsx": NEW}


def test_the_last_five_backups_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    others = [
        tmp_path / name
        for name in (
            "book.backup-notes.xlsx",
            "book.backup-20200101-000000-000000.xlsm",
            "book2.backup-20200101-000000-000000.xlsx",
            "my book.backup-20200101-000000-000000.xlsx",
        )
    ]
    for other in others:
        other.write_bytes(b"somebody's")
    for number in range(8):
        files.write(path, b"%d" % number, replace=True)
    kept = [each for each in _backups(tmp_path) if each not in others]
    assert [each.read_bytes() for each in kept] == [b"2", b"3", b"4", b"5", b"6"]
    assert all(other.exists() for other in others)


def test_the_newest_backup_is_kept_when_the_clock_has_gone_back(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    for number in range(6):
        (tmp_path / f"book.backup-29990101-00000{number}-000000.xlsx").touch()
    saved = files.write(path, NEW, replace=True)
    assert saved is not None
    assert saved.read_bytes() == OLD
    assert len(_backups(tmp_path)) == 5


def test_a_backup_that_cannot_be_removed_does_not_stop_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    for number in range(6):
        files.write(path, b"%d" % number, replace=True)
    monkeypatch.setattr(Path, "unlink", _raising(errno.EACCES))
    files.write(path, NEW, replace=True)
    assert path.read_bytes() == NEW


def test_a_folder_that_cannot_be_listed_does_not_stop_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    monkeypatch.setattr(Path, "iterdir", _raising(errno.EACCES))
    saved = files.write(path, NEW, replace=True)
    assert saved is not None
    assert (path.read_bytes(), saved.read_bytes()) == (NEW, OLD)


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_file_that_is_open_in_another_program_is_refused(lock: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    (tmp_path / lock).touch()
    with pytest.raises(WorkbookError, match="is open in Excel or another program: close it"):
        files.write(path, NEW, replace=True)
    assert _contents(tmp_path) == {"book.xlsx": OLD, lock: b""}


@POSIX_ONLY
def test_permissions_of_a_replaced_file_are_kept_and_passed_on_to_its_backup(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    path.chmod(0o640)
    saved = files.write(path, NEW, replace=True)
    assert saved is not None
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, saved)] == [0o640, 0o640]


@POSIX_ONLY
def test_a_first_file_has_the_permissions_that_any_new_file_gets(tmp_path: Path) -> None:
    files.write(tmp_path / "book.xlsx", NEW, replace=False)
    (plain := tmp_path / "plain").touch()
    assert (tmp_path / "book.xlsx").stat().st_mode == plain.stat().st_mode


@POSIX_ONLY
def test_a_link_stays_and_the_file_that_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (shared := tmp_path / "shared").mkdir()
    target, link = shared / "real.xlsx", tmp_path / "link.xlsx"
    target.write_bytes(OLD)
    link.symlink_to(target)
    saved = files.write(link, NEW, replace=True)
    assert link.is_symlink()
    assert saved is not None
    assert _contents(shared) == {"real.xlsx": NEW, saved.name: OLD}


@POSIX_ONLY
def test_a_link_to_a_file_that_is_open_is_refused(tmp_path: Path) -> None:
    target, link = tmp_path / "real.xlsx", tmp_path / "link.xlsx"
    target.write_bytes(OLD)
    link.symlink_to(target)
    (tmp_path / "~$real.xlsx").touch()
    with pytest.raises(WorkbookError, match=r"link\.xlsx is open in Excel"):
        files.write(link, NEW, replace=True)


@POSIX_ONLY
def test_a_link_to_nothing_makes_the_file_that_it_leads_to(tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(tmp_path / "real.xlsx")
    assert files.write(link, NEW, replace=False) is None
    assert link.is_symlink()
    assert (tmp_path / "real.xlsx").read_bytes() == NEW


@POSIX_ONLY
def test_a_link_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(WorkbookError, match=r"one\.xlsx is a link that leads in a circle"):
        files.write(one, NEW, replace=True)


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (folder := tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(WorkbookError, match="is a folder: add the name of the workbook"):
        files.write(folder, NEW, replace=True)
    with pytest.raises(WorkbookError, match=r"The folder .*none does not exist: make it first"):
        files.write(tmp_path / "none" / "book.xlsx", NEW, replace=True)
    assert list(tmp_path.iterdir()) == [folder]


def _raising(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


#: What fails -> the object and the name of its function, and the operating system's error.
_FAULTS = {
    "full disk": (os, "fsync", errno.ENOSPC),
    "full disk while writing": (os, "fdopen", errno.ENOSPC),
    "read-only folder": (tempfile, "mkstemp", errno.EACCES),
    "file held by another program": (Path, "replace", errno.EACCES),
    "permissions that cannot be set": (Path, "chmod", errno.EPERM),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_where_writing_fails_nothing_has_changed(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    owner, name, number = _FAULTS[fault]
    monkeypatch.setattr(owner, name, _raising(number))
    with pytest.raises(WorkbookError, match=r"cannot be written \(.+\): check the folder's"):
        files.write(path, NEW, replace=True)
    assert _contents(tmp_path) == {"book.xlsx": OLD}


def test_where_only_the_last_step_fails_the_backup_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        return _raising(errno.EACCES)() if target == path else replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(WorkbookError, match="cannot be written"):
        files.write(path, NEW, replace=True)
    assert _contents(tmp_path) == {"book.xlsx": OLD}


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be written"):
        files.write(tmp_path / f"{'x' * 300}.xlsx", NEW, replace=False)


def test_only_the_last_five_backups_stay_where_another_program_made_them(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    names = [f"book.backup-20261122-1200{second:02d}-000000.xlsx" for second in range(8)]
    for name in [path.name, "other.backup-20261122-120000-000000.xlsx", *names]:
        (tmp_path / name).write_bytes(b"")
    files.prune(path)
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {path.name, "other.backup-20261122-120000-000000.xlsx", *names[-5:]}
