"""Whatever happens to the process or to the disk: the workbook is the old one or the new one."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import faulty
import pytest

from example import CHOICES, TYPED
from filling import filled_bytes
from rich_evidence import changed_pack
from rich_package import Draft

if sys.platform == "linux":
    # A copy of this process: it has everything loaded already.
    from multiprocessing.context import ForkProcess as Process
else:
    from multiprocessing.context import SpawnProcess as Process

_BOOK = "book.xlsx"
OLD = filled_bytes(TYPED, CHOICES)


class Run(NamedTuple):
    """How a run ended: exit code, output, errors, and the files in its folder."""

    code: int
    printed: str
    error: str
    files: dict[str, bytes]

    @property
    def book(self) -> bytes:
        """The workbook afterwards."""
        return self.files[_BOOK]

    @property
    def backups(self) -> list[bytes]:
        """The copies kept of the old workbook."""
        return [data for name, data in self.files.items() if ".backup-" in name]


_CORES = os.cpu_count() or 1


def _runs(fault: str, numbers: Sequence[int], folders: Sequence[Path], *command: str) -> list[Run]:
    """The command in each folder, with the fault at the call of its number; several at once."""
    with tempfile.TemporaryDirectory() as temporary:
        outputs = [Path(temporary) / str(place) for place, _ in enumerate(folders)]
        processes: list[Process] = []
        for number, folder, output in zip(numbers, folders, outputs, strict=True):
            output.mkdir()
            if len(processes) >= _CORES:
                processes[-_CORES].join()
            arguments = (fault, number, folder, output, command)
            processes.append(Process(target=faulty.run, args=arguments))
            processes[-1].start()
        for process in processes:
            process.join()
        return [
            Run(
                process.exitcode or 0,
                (output / "out").read_text("utf-8"),
                (output / "err").read_text("utf-8"),
                {path.name: path.read_bytes() for path in folder.iterdir()},
            )
            for process, folder, output in zip(processes, folders, outputs, strict=True)
        ]


def _refreshed(around: Path, fault: str, numbers: Sequence[int], mode: int = 0o755) -> list[Run]:
    """Refreshes with a changed pack, each of the old workbook in a folder of its own."""
    folders = [around / f"{fault}-{number}" for number in numbers]
    for folder in folders:
        folder.mkdir()
        (folder / _BOOK).write_bytes(OLD)
        folder.chmod(mode)
    try:
        pack = str(around / "pack")
        return _runs(fault, numbers, folders, "refresh", _BOOK, "--evidence", pack)
    finally:
        for folder in folders:
            folder.chmod(0o755)


#: By the name of a fault: a run without it, and one with it at each call, in their order.
Runs = Callable[[str], tuple[Run, list[Run]]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """The runs with each fault, made once."""

    @cache
    def made(fault: str) -> tuple[Run, list[Run]]:
        around = tmp_path_factory.mktemp(fault)
        changed_pack(around / "pack")
        [whole] = _refreshed(around, fault, [0])
        assert whole.code in {0, 1}, whole.error
        calls = int(whole.printed.splitlines()[-1])
        # Below this some go uncounted: two files are made, written, synced, and renamed.
        assert calls >= 6
        return whole, _refreshed(around, fault, range(1, calls + 1))

    return made


def _is_new(data: bytes, whole: Run) -> bool:
    """Whether a workbook is the new one; its log says when it was made, so that is left out."""
    one, other = Draft(data), Draft(whole.book)
    log = one.sheet("Log")
    return one.parts.keys() == other.parts.keys() and all(
        other.parts[name] == part for name, part in one.parts.items() if name != log
    )


def test_a_process_killed_at_any_call_leaves_the_old_workbook_or_the_new_one(runs: Runs) -> None:
    whole, killed = runs("kill")
    assert {run.code for run in killed} == {faulty.KILLED}
    replaced = [run.book != OLD for run in killed]
    assert replaced == sorted(replaced)
    assert all(_is_new(run.book, whole) for run in killed if run.book != OLD)
    assert all(backup == OLD for run in killed for backup in run.backups)
    assert all(run.backups for run in killed if run.book != OLD)


@pytest.mark.parametrize("fault", ["full", "refuse"])
def test_where_a_call_fails_one_sentence_says_so_or_it_did_not_matter(
    fault: str, runs: Runs
) -> None:
    whole, failed = runs(fault)
    for run in failed:
        if run.book == OLD:
            assert run.code == 2
            assert run.error.startswith(f"localis: {_BOOK} cannot be written (")
            assert len(run.error.splitlines()) == 1
        else:
            assert run.code == whole.code
            assert _is_new(run.book, whole)
            assert run.backups == [OLD]


def test_a_new_workbook_on_a_full_disk_is_refused_in_one_sentence(tmp_path: Path) -> None:
    [run] = _runs("full", [1], [tmp_path], "template", "new.xlsx")
    assert run.code == 2
    assert run.error.startswith("localis: The folder for temporary files cannot be written (")
    assert run.files == {}


def test_a_full_disk_leaves_nothing_but_the_old_workbook(runs: Runs) -> None:
    _, failed = runs("full")
    assert all(run.files == {_BOOK: OLD} for run in failed)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders")
def test_a_read_only_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    changed_pack(tmp_path / "pack")
    [run] = _refreshed(tmp_path, "none", [0], mode=0o555)
    assert run.code == 2
    assert run.error.startswith(f"localis: {_BOOK} cannot be written (")
    assert run.files == {_BOOK: OLD}
