"""The built add-in before judges that are not ours, and the commands that write it."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from addin_built import MacroRaptor, VBA_Parser, built, modules, parts
from lxml import etree
from pyopenvba import ExcelFile
from pyvbaanalysis import analyze_office_file

import judges
from commissioning import __version__
from commissioning.addin import install, package, source
from commissioning.addin.buttons import BUTTONS, GROUPS, TAB_KEYTIP, markdown
from commissioning.addin.vba import Kind
from commissioning.cli import addin
from commissioning.errors import LocalisError
from commissioning.evidence.pack import load
from commissioning.excel.declared import DECLARED
from commissioning.workbook.layout import NO_COUNCIL, Choices, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.addin.vba import Module

#: Characters that the ribbon's schema takes at most.
LONGEST_TIP, LONGEST_KEYTIP = 1024, 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Localis.xlam"
    path.write_bytes(built())
    return path


def run_build(path: Path) -> None:
    addin.build(argparse.Namespace(file=str(path)))


def packed_with(tmp_path: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """The add-in with text of modules replaced: module -> (old, new)."""
    changed: list[Module] = []
    for module in source.modules():
        old, new = changes.get(module.name, ("", ""))
        assert old in module.text
        changed.append(module._replace(text=module.text.replace(old, new, 1)))
    path = tmp_path / "changed.xlam"
    path.write_bytes(package.packed(changed, load()))
    return path


def test_two_builds_give_the_same_bytes_in_whatever_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = tmp_path / "Localis.xlam", tmp_path / "other.xlam"
    run_build(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"SHA-256 {digest}\n" in capsys.readouterr().out
    code = "import sys, pathlib; from commissioning.addin.build import build;"
    code += "pathlib.Path(sys.argv[1]).write_bytes(build())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code, str(other)], check=True, env=environment)
    assert other.read_bytes() == path.read_bytes()


def test_an_older_add_in_of_ours_is_replaced_without_leaving_a_copy(file: Path) -> None:
    file.write_bytes(built() + b"\0")
    run_build(file)
    assert file.read_bytes() == built()
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"", b"something else"])
def test_a_file_that_is_not_ours_is_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(LocalisError, match="is not an add-in of this program"):
        run_build(file)
    assert file.read_bytes() == content


def test_a_name_that_is_no_add_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalisError, match="is not the name of an add-in"):
        run_build(tmp_path / "Localis.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_source_is_every_module_the_ribbon_and_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "source"
    for _ in range(2):
        addin.source(argparse.Namespace(folder=str(folder)))
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    texts = {f"{m.name}{m.kind.value}": m.text.encode() for m in modules().values()}
    ribbon = parts(built())[package.RIBBON]
    contents = written.pop("CONTENTS.txt").decode()
    assert written == {**texts, "customUI14.xml": ribbon}
    listed, _, changed = contents.partition("\n\n")
    assert [line.split(":")[0] for line in listed.splitlines()] == [*texts, "customUI14.xml"]
    assert all(old in changed and new in changed for old, new in source.CHANGES.items())
    assert f"from xlwings {source.xlwings_version()}" in contents
    assert f"Wrote {len(written) + 1} files" in capsys.readouterr().out


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(LocalisError, match=r"holds other files, such as mine\.txt"):
        addin.source(argparse.Namespace(folder=str(tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_olevba_reads_every_module_back_as_it_was_written(file: Path) -> None:
    macros = VBA_Parser(str(file)).extract_all_macros()
    found = {
        name.rpartition(".")[0]: (name.rpartition(".")[2], code) for _, _, name, code in macros
    }
    wanted = {
        module.name: ("bas" if module.kind is Kind.STANDARD else "cls", module.text)
        for module in modules().values()
    }
    assert found == wanted


def test_pyopenvba_reads_every_module_back_and_finds_the_project_consistent(file: Path) -> None:
    with ExcelFile(file) as opened:
        assert opened.vba_modules() == {name: m.text for name, m in modules().items()}
        assert opened.validate() == []
        assert [reference.name for reference in opened.references()] == ["stdole", "Office"]


def test_mraptor_finds_nothing_that_runs_by_itself(file: Path) -> None:
    parser = VBA_Parser(str(file))
    raptor = MacroRaptor(parser.get_vba_code_all_modules())
    raptor.scan()
    # It writes files and runs Python, as xlwings' module does; what makes malware of that is A.
    assert (raptor.get_flags(), raptor.suspicious) == ("-WX", False)


def test_all_that_olevba_suspects_is_in_the_module_of_xlwings(file: Path) -> None:
    results = VBA_Parser(str(file)).analyze_macros()
    assert "AutoExec" not in {kind for kind, *_ in results}
    suspected = {word.lower() for kind, word, _ in results if kind == "Suspicious"}
    theirs = modules()["xlwings"].text.lower() + modules()["Dictionary"].text.lower()
    assert {word for word in suspected if word not in theirs} == {"hex strings", "base64 strings"}


def test_pyvbaanalysis_finds_nothing_in_our_modules_and_no_error_in_xlwings(file: Path) -> None:
    found = analyze_office_file(file)
    ours = {name: problems for name, problems in found.items() if name not in source.OF_XLWINGS}
    assert set(ours) == set(modules()) - set(source.OF_XLWINGS)
    assert [problem.message for problems in ours.values() for problem in problems] == []
    severities = {each.severity.value for name in source.OF_XLWINGS for each in found[name]}
    assert "error" not in severities


def test_pyvbaanalysis_catches_what_is_seeded(tmp_path: Path) -> None:
    seeds = {
        "LocalisServer": ("failedAt = Now", "failedAt = LocalisNever"),
        "xlwings": ("Private Declare PtrSafe Function Load", "Private Declare Function Load"),
    }
    found = analyze_office_file(packed_with(tmp_path, seeds))
    codes = {
        name: [each.code for each in found[name] if each.severity.value == "error"]
        for name in seeds
    }
    assert codes == {
        "LocalisServer": ["undeclared-variable"],
        "xlwings": ["declare-missing-ptrsafe"],
    }


def test_microsofts_validator_finds_nothing(file: Path) -> None:
    assert judges.validator_errors([file]) == []


def test_microsofts_validator_looks_at_the_ribbon_too(file: Path) -> None:
    broken = parts(built())
    broken[package.RIBBON] = broken[package.RIBBON].replace(b"imageMso=", b"picture=")
    file.write_bytes(package.zipped(broken))
    assert any("picture" in fault for fault in judges.validator_errors([file]))


def test_the_properties_name_the_versions(file: Path) -> None:
    assert install.version_of(file) == __version__
    custom = parts(built())["docProps/custom.xml"].decode()
    evidence = load()
    for text in (source.xlwings_version(), f"{evidence.name} {evidence.version}"):
        assert f">{text}<" in custom


def test_xlwings_module_is_the_installed_one_but_for_the_changes_that_are_declared() -> None:
    text = modules()["xlwings"].text.replace("\r\n", "\n").replace("Option Private Module\n", "", 1)
    for old, new in source.CHANGES.items():
        assert text.count(new) == 1
        text = text.replace(new, old)
    original = source._of_xlwings("xlwings_custom_addin.bas").splitlines()
    pairs = list(zip(original, text.splitlines(), strict=True))
    assert sum(new.lstrip().startswith("Private ") for _, new in pairs) > 20
    # Whether a procedure is public is all that may differ beside.
    assert [re.sub(r"\b(?:Public|Private) (?!Const)", "", old) for old, _ in pairs] == [
        re.sub(r"\b(?:Public|Private) (?!Const)", "", new) for _, new in pairs
    ]
    assert "BSD 3-clause license" in text


def test_what_cells_can_call_of_xlwings_is_what_our_modules_call() -> None:
    ours = "\n".join(each.text for name, each in modules().items() if name.startswith("Localis"))
    called = set(re.findall(r"\bxlwings\.(\w+)", ours)) - {"XLWINGS_VERSION", "serve", "_xlwindows"}
    assert called == set(source.CALLED)
    opened = {each[3] for each in source.OPEN.finditer(modules()["xlwings"].text)}
    assert opened == called


def test_what_runs_python_or_writes_settings_takes_what_only_the_ribbon_can_give() -> None:
    for name in ("RunPython", "SaveConfigToFile", "LocalisRun", "LocalisExecute"):
        [head] = re.findall(
            rf"(?:Sub|Function) {name}\((.*)", "".join(each.text for each in modules().values())
        )
        assert head.startswith("ByVal control As IRibbonControl,")


def test_another_module_of_xlwings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_of_xlwings", lambda _: "' an empty module\n")
    with pytest.raises(LocalisError, match=r"has no line 'Public Const PROJECT_NAME"):
        source.modules()


def test_a_letter_that_vba_cannot_hold_is_refused() -> None:
    with pytest.raises(LocalisError, match="The letter '\u2192' cannot stand in VBA"):
        source._lines("' a \u2192 b")


def test_every_function_has_its_description_and_help_for_its_arguments() -> None:
    functions, helps = modules()["LocalisFunctions"].text, modules()["LocalisHelp"].text
    for function in DECLARED:
        description = function.help.replace('"', '""')
        assert f'Attribute {function.name}.VB_Description = "{description}"' in functions
        assert f'Macro:=here & "{function.name}", _' in helps
        for argument in function.arguments:
            assert '"' + argument.help.replace('"', '""') + '"' in helps


def test_the_ribbon_has_every_button_in_its_group_with_all_that_belongs_to_it() -> None:
    root = etree.fromstring(parts(built())[package.RIBBON])
    [tab] = root.iter("{*}tab")
    assert [group.get("label") for group in tab] == list(GROUPS)
    found = [(group.get("label"), control.get("label")) for group in tab for control in group]
    assert found == [(button.group, button.label) for button in BUTTONS]
    for group in tab:
        for control in group:
            for name in ("imageMso", "screentip", "supertip", "keytip", "onAction"):
                assert control.get(name)


def test_tips_and_keys_are_within_the_ribbons_limits_and_keys_are_unique() -> None:
    keys = [button.keytip for button in BUTTONS]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= LONGEST_KEYTIP for key in [*keys, TAB_KEYTIP])
    # After one key that begins another, the other could never be pressed.
    assert not [one for one in keys for other in keys if one != other and other.startswith(one)]
    for button in BUTTONS:
        assert max(len(button.screentip), len(button.supertip), len(button.label)) <= LONGEST_TIP


def test_buttons_that_write_keep_a_copy_and_need_a_commissioning_workbook() -> None:
    writing = [button for button in BUTTONS if button.writes]
    assert all(button.workbook and "copy of the workbook" in button.supertip for button in writing)
    for button in writing:
        assert f'"{button.python}", "{button.doing}", True' in (modules()["LocalisRibbon"].text)


def test_the_tables_by_which_vba_knows_a_commissioning_workbook_are_in_every_one() -> None:
    named = re.findall(r'table\.Name = "(\w+)"', modules()["LocalisMacros"].text)
    layout = lay_out(load(), Choices(NO_COUNCIL, "2026-27", dt.date(2026, 11, 22)))
    assert named == ["Provenance", "Actions"]
    assert set(named) <= layout.tables.keys()


def test_the_readmes_table_has_every_button() -> None:
    lines = markdown().splitlines()
    assert len(lines) == 2 + len(BUTTONS)
    assert lines[2].startswith("| Workbook | New | Alt, KL, N | Makes a commissioning workbook")
