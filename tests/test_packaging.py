"""The wheel works alone, and each part of the package loads no more than it needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from commissioning import __version__
from commissioning.evidence import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]

#: Third-party modules that openpyxl and lxml load, some of them only where they are installed.
_WRITERS = {"openpyxl", "et_xmlfile", "lxml", "PIL", "defusedxml"}
#: Those that xlwings loads, likewise.
_EDITORS = {"xlwings", "cryptography", "_cffi_backend", "_openssl"}


def _run(command: Sequence[str | Path], folder: Path) -> str:
    """The output of a command that has to succeed, run in a folder."""
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _checkout(folder: Path) -> Path:
    """A copy of the files that the repository has, or would have after a commit of everything."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # Whoever runs the tests need not own the checkout, as root in CI does not.
    git = ["git", "-c", f"safe.directory={ROOT.as_posix()}"]
    listed = _run([*git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"], ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a clean checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = _checkout(folder / "checkout")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    _run([*pip, "--wheel-dir", folder, checkout], folder)
    [built] = folder.glob("*.whl")
    return built


class Installed(NamedTuple):
    """A virtual environment that has the wheel: its programs."""

    python: Path
    localis: Path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own, with the dependencies of the one that runs."""
    folder = tmp_path_factory.mktemp("environment")
    _run([sys.executable, "-m", "venv", "--without-pip", folder], folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    _run([*pip, "--no-deps", "--no-index", wheel], folder)
    packages = Path(_run([python, "-c", _PACKAGES], folder).strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Installed(python, programs / "localis")


_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"


def test_the_wheel_holds_the_evidence_and_its_type_marker_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"commissioning/data/{path.name}" for path in pack.SHIPPED.iterdir()} <= names
    assert "commissioning/py.typed" in names
    assert {name.partition("/")[0] for name in names} == {
        "commissioning",
        f"localis_commissioning-{__version__}.dist-info",
    }
    assert [name for name in names if "test" in name or name.endswith((".pyc", ".xlsx"))] == []


def test_the_wheel_alone_makes_and_checks_a_workbook(installed: Installed, tmp_path: Path) -> None:
    where = "import commissioning; print(commissioning.__file__)"
    place = Path(_run([installed.python, "-c", where], tmp_path).strip())
    assert place.is_relative_to(installed.python.parents[1])
    assert _run([installed.localis, "--version"], tmp_path) == f"localis {__version__}\n"
    _run([installed.localis, "template", "Book.xlsx", "--council", "Essex"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["Book.xlsx"]
    assert "nothing found" in _run([installed.localis, "check", "Book.xlsx"], tmp_path)
    module = [str(installed.python), "-m", "commissioning", "claims", "--json"]
    assert len(json.loads(_run(module, tmp_path))) == len(pack.load().claims)


def _loaded(code: str, folder: Path) -> set[str]:
    """The modules outside the standard library, by their first name, that a piece of code loads."""
    script = f"import sys; before = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    modules = {
        name.partition(".")[0] for name in _run([sys.executable, "-c", script], folder).split()
    }
    # Compiled modules share helpers such as cython_runtime.
    return {
        name for name in modules if name not in sys.stdlib_module_names and "cython" not in name
    }


_COMMAND = """
import contextlib, io
from commissioning.cli import main
for arguments in {commands}:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        assert main(arguments) == 0
"""

_CLAIMS = """
from commissioning.evidence import claims, expenditure, measures, pack, tracker
claims.work_out_all(pack.load())
"""

_LAYOUT = """
import datetime as dt
from commissioning.evidence.pack import load
from commissioning.workbook.layout import Choices, lay_out
lay_out(load(), Choices("A", "2026-27", dt.date(2026, 1, 1)))
"""

#: What a user does -> the code, and what it may load besides the standard library.
_USES = {
    "help": (_COMMAND.format(commands=[["--help"], ["template", "--help"]]), {"commissioning"}),
    "claims": (_COMMAND.format(commands=[["claims"]]), {"commissioning"}),
    "template and check": (
        _COMMAND.format(commands=[["template", "Book.xlsx"], ["check", "Book.xlsx"]]),
        {"commissioning"} | _WRITERS,
    ),
    "refresh": (
        _COMMAND.format(commands=[["template", "Book.xlsx"], ["refresh", "Book.xlsx"]]),
        {"commissioning"} | _WRITERS | _EDITORS,
    ),
    "evidence": (_CLAIMS, {"commissioning"}),
    "layout": (_LAYOUT, {"commissioning"}),
}


@pytest.mark.parametrize("use", _USES)
def test_a_use_loads_nothing_that_it_does_not_need(use: str, tmp_path: Path) -> None:
    code, allowed = _USES[use]
    assert _loaded(code, tmp_path) - allowed == set()


def test_a_module_that_is_not_allowed_would_be_seen(tmp_path: Path) -> None:
    assert _loaded("import openpyxl, commissioning.cli", tmp_path) >= {"openpyxl", "commissioning"}
