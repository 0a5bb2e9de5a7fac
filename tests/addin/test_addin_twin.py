"""The add-in's VBA as LibreOffice runs it, with a stand-in for xlwings."""

from __future__ import annotations

import ast
import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from addin_twin import CANNOT, NOT_RUN, played

from commissioning.addin import source
from commissioning.addin.buttons import BUTTONS
from commissioning.addin.vba import Kind, Module
from commissioning.excel.declared import DECLARED

sys.path.append(str(Path(__file__).parents[1] / "excel"))

MODULE = "commissioning.excel.udfs"
#: The sheet of the twin, a server that answers, and cells up to B3.
SET = """\
    Dim sheet As Object
    Set sheet = ThisWorkbook.Worksheets(1)
    sheet.Range("A1").Value = 3
    sheet.Range("A2").Value = "x"
    sheet.Range("B3").Value = "y"
    xlwings.Interpreter = ThisWorkbook.Path & "/" & ThisWorkbook.Name
    xlwings.Answer = 0.5
"""


def play(*lines: str) -> list[str]:
    return played(SET + "\n".join(lines))


def test_values_rows_and_tables_come_back_with_native_errors() -> None:
    assert play(
        "Dim rows(1, 1) As Variant",
        'rows(0, 0) = "#DIV/0!"',
        "rows(0, 1) = 2",
        'rows(1, 0) = "#NULL!"',
        'rows(1, 1) = "x"',
        "LOCALIS_VERSION",
        "Note Shown(LOCALIS_VERSION())",
        'xlwings.Answer = Array("#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")',
        "Note Shown(LOCALIS_VERSION())",
        'xlwings.Answer = Array("#GETTING_DATA", "#SPILL!", "#CALC!", "# of councils", "", True)',
        "Note Shown(LOCALIS_VERSION())",
        "xlwings.Answer = rows",
        "Note Shown(LOCALIS_VERSION())",
    )[2:] == [
        f"call {MODULE} LOCALIS_VERSION []",
        "0.5",
        f"call {MODULE} LOCALIS_VERSION []",
        "[error 2015, error 2023, error 2029, error 2036, error 2042]",
        f"call {MODULE} LOCALIS_VERSION []",
        "[error 2042, error 2015, error 2015, '# of councils', '', True]",
        f"call {MODULE} LOCALIS_VERSION []",
        "[error 2007, 2; error 2000, 'x']",
    ]


def test_ranges_come_as_values_and_those_that_reach_the_end_of_the_sheet_are_cut() -> None:
    assert play(
        'Note Shown(LOCALIS_SHIFT(sheet.Range("A:A"), sheet.Range("A1:B3"), sheet.Range("B2")))',
        'LOCALIS_SHIFT sheet.Range("A2:A1048576"), sheet.Range("A1:A4")',
        'LOCALIS_SHIFT sheet.Range("A7:C1048576")',
        'LOCALIS_SHIFT sheet.Range("3:3"), sheet.Range("G:G")',
    )[1:] == [
        f"call {MODULE} LOCALIS_SHIFT [[3; 'x'; blank], [3, blank; 'x', blank; blank, 'y'], blank]",
        "0.5",
        f"call {MODULE} LOCALIS_SHIFT [['x'; blank], [3; 'x'; blank; blank], error 448]",
        f"call {MODULE} LOCALIS_SHIFT [[blank, blank, blank], error 448, error 448]",
        f"call {MODULE} LOCALIS_SHIFT [[blank, 'y'], [blank; blank; blank], error 448]",
    ]


def test_python_is_started_once_and_anew_when_it_has_gone() -> None:
    call = f"call {MODULE} LOCALIS_CLAIM [1, error 448]"
    assert play(
        "LOCALIS_CLAIM 1",
        "LOCALIS_CLAIM 1",
        "xlwings.Dies = True",
        "Note Shown(LOCALIS_CLAIM(1))",
    ) == ["start", call, call, call, "start", call, "0.5"]


def test_a_server_that_cannot_be_started_gives_na_at_once_until_a_button_is_pressed() -> None:
    noted = play(
        "xlwings.Fails = True",
        "Note Shown(LOCALIS_CLAIM(1))",
        "Note Shown(LOCALIS_CLAIM(2))",
        "LocalisOnStartPython Nothing",
        "xlwings.Fails = False",
        "Note Shown(LOCALIS_CLAIM(3))",
        "LocalisOnStartPython Nothing",
        "Note Shown(LOCALIS_CLAIM(4))",
    )
    message = next(place for place, line in enumerate(noted) if line.startswith("tell The"))
    assert noted[:message] == ["start", "error 2042", "error 2042", "start"]
    assert "Python did not answer at" in noted[message]
    assert "no server" in noted
    assert noted[noted.index("error 2042", message) :] == [
        "error 2042",
        "start",
        f"call {MODULE} LOCALIS_VERSION []",
        "tell Python is running.",
        f"call {MODULE} LOCALIS_CLAIM [4, error 448]",
        "0.5",
    ]


@pytest.mark.parametrize(
    ("interpreter", "reason"),
    [("", "Python is not named in Localis.conf."), ("missing", "Python is not at missing.")],
)
def test_a_python_that_is_not_there_is_not_started(interpreter: str, reason: str) -> None:
    noted = play(f'xlwings.Interpreter = "{interpreter}"', "LocalisOnGuide Nothing")
    assert reason in noted
    assert "start" not in noted
    assert not [line for line in noted if line.startswith("run ")]


def test_no_message_is_shown_for_a_cell_where_nobody_sits_before_excel() -> None:
    # LibreOffice without a window does not know Application.UserControl.
    assert play("xlwings.Fails = True", "Note Shown(LOCALIS_CLAIM(1))") == ["start", "error 2042"]


def test_a_cell_works_its_wrapper_out() -> None:
    assert play(
        'sheet.Range("D1").Formula = "=LOCALIS_VERSION()"', 'Note Shown(sheet.Range("D1").Value)'
    ) == ["start", f"call {MODULE} LOCALIS_VERSION []", "0.5"]


def theirs() -> Module:
    """The wrappers of xlwings' own generator, under other names."""
    from standins import windows_xlwings

    udfs, ours = windows_xlwings()
    written = io.StringIO()
    udfs.generate_vba_wrapper(MODULE, ours, written, SimpleNamespace(Name="Localis.xlam"))
    text = re.sub(r"\bLOCALIS_(?=\w+(?:\(| = ))", "THEIRS_", written.getvalue())
    # What these lines ask, of dialogs and of the calling cell, LibreOffice cannot tell.
    text = re.sub(r".*(?:CommandBars|TypeOf Application\.Caller).*\n", "", text)
    text = text.replace("base", "base_")
    text = 'Attribute VB_Name = "Theirs"\n#Const App = "Microsoft Excel"\n' + text
    return Module("Theirs", Kind.STANDARD, "\r\n".join(text.splitlines()) + "\r\n")


def test_every_wrapper_calls_python_as_the_one_of_xlwings_generator_does() -> None:
    given = ['"a"', "2.5", 'sheet.Range("A1:B2")', 'sheet.Range("A1")', "True"]
    lines = []
    for function in DECLARED:
        needed = sum(not argument.optional for argument in function.arguments)
        for count in range(needed, len(function.arguments) + 1):
            arguments = ", ".join(given[:count])
            name = function.name.removeprefix("LOCALIS_")
            for prefix in ("LOCALIS", "THEIRS"):
                lines += [f'Note "{prefix}"', f"Note Shown({prefix}_{name}({arguments}))"]
    noted = played(SET + "LocalisReady\n" + "\n".join(lines), (theirs(),))
    # Theirs ask for the server at each call.
    noted = [line for line in noted[2:] if line != "start"]
    calls = "\n".join(noted).split("LOCALIS\n")[1:]
    assert len(calls) == len(lines) // 4
    for both in calls:
        ours, other = both.rstrip("\n").split("\nTHEIRS\n")
        assert ours == other
        assert ours.startswith("call ")
        assert ours.endswith("\n0.5")


RUN = [button for button in BUTTONS if button.python]


def test_the_buttons_run_their_function_of_python_and_leave_excel_as_it_was() -> None:
    lines = ["LocalisReady"]
    for button in RUN:
        lines += [
            f"{button.callback} Nothing",
            "Note Shown(Application.Calculation = xlCalculationAutomatic)",
            "Note Shown(Application.ScreenUpdating And Application.DisplayAlerts)",
        ]
    noted = [line for line in play(*lines)[2:] if line.startswith(("run", "True", "False"))]
    assert noted == [
        line
        for button in RUN
        for line in (
            f"run import {button.package}; {button.package}.{button.python}",
            "True",
            "True",
        )
    ]


def test_python_is_told_which_workbook_a_button_was_pressed_for() -> None:
    assert "set BOOK_CALLER twin.xlam" in play("LocalisOnGuide Nothing")


def test_while_a_dialog_is_open_python_is_not_called() -> None:
    assert play("xlwings.Busy = True", "Note Shown(LOCALIS_CLAIM(1))") == ["error 2042"]


def test_xlwings_answers_without_a_workbook_and_where_no_cell_calls() -> None:
    from standins import MISSING, windows_xlwings

    no_caller = -2146826265
    udfs, _ = windows_xlwings()
    version = udfs.call_udf(MODULE, "LOCALIS_VERSION", (), None, no_caller)
    assert version[0][0].startswith("Localis for Excel")
    [[share]] = udfs.call_udf(MODULE, "LOCALIS_SHIFT", ("SME", MISSING, MISSING), None, no_caller)
    assert round(share, 4) == 0.7527


def test_no_workbook_goes_to_python_with_a_function() -> None:
    texts = {module.name: module.text for module in source.modules()}["LocalisServer"]
    calls = re.findall(r"server\.CallUDF.*", texts)
    assert len(calls) == 2
    assert all(", Nothing, Application.Caller" in call for call in calls)


def test_an_error_of_whatever_kind_ends_a_button_with_a_sentence() -> None:
    assert play(
        "xlwings.Fails = True",
        "LocalisOnStartWithExcel Nothing, True",
    ) == ["save WARM UP true", "tell That did not work: no room"]


def test_python_is_started_by_no_shell_and_isolated() -> None:
    [command] = play(r'xlwings.Interpreter = "C:\A B\python.exe"', "Note LocalisCommand()")
    serve = "import xlwings; xlwings.serve('$(CLSID)')"
    assert command == rf'"C:\A B\python.exe" -I -B -c "{serve}"'


def test_a_call_that_fails_alone_is_an_error_of_its_cell_alone() -> None:
    call = f"call {MODULE} LOCALIS_CLAIM [1, error 448]"
    assert play(
        "LocalisReady",
        'xlwings.Refuses = "LOCALIS_CLAIM"',
        "Note Shown(LOCALIS_CLAIM(1))",
        "Note Shown(LOCALIS_VERSION())",
    )[2:] == [
        call,
        "start",
        call,
        f"call {MODULE} LOCALIS_VERSION []",
        "error 2015",
        f"call {MODULE} LOCALIS_VERSION []",
        "0.5",
    ]


def test_after_a_start_with_excel_that_failed_no_cell_tries_again() -> None:
    assert play(
        "xlwings.Fails = True",
        "LocalisWarmUp",
        "Note Shown(LOCALIS_CLAIM(1))",
    ) == ["start", "error 2042"]


def test_a_copy_under_the_name_of_a_backup_is_kept_before_a_button_writes() -> None:
    copies = 'Note "copy " & Dir(ThisWorkbook.Path & "/*.backup-*")'
    noted = play(copies, "LocalisOnProgress Nothing", copies, "LocalisOnRefreshAll Nothing", copies)
    none, without, kept = (line for line in noted if line.startswith("copy "))
    assert none == without == "copy "
    assert re.fullmatch(r"copy twin\.backup-\d{8}-\d{6}-\d{6}\.xlam", kept)


def test_where_no_copy_can_be_kept_the_officer_is_asked_first() -> None:
    noted = play(
        "Workbooks.Add",
        "LocalisOnRefreshAll Nothing",
        "LocalisScreen.Agrees = True",
        "LocalisOnRefreshSurvey Nothing",
    )
    asked = [line for line in noted if line.startswith(("ask", "run"))]
    question = "ask This cannot be undone, and no copy of Untitled 1 can be kept first: "
    run = "run import commissioning.excel.ribbon; commissioning.excel.ribbon.refresh_survey()"
    assert asked == [*[question + "it was never saved."] * 2, run]


def test_a_macro_that_fails_leaves_excel_as_it_was_and_says_so() -> None:
    assert play(
        "LocalisReady",
        "xlwings.Fails = True",
        "LocalisOnProgress Nothing",
        "Note Shown(Application.Calculation = xlCalculationAutomatic)",
    )[4:] == [
        "run import commissioning.excel.ribbon; commissioning.excel.ribbon.show_progress()",
        "alerts False",
        "tell Localis could not finish: no server",
        "True",
    ]


def chosen(*paths: str) -> str:
    """What the dialog gives, in VBA; letters as Excel has them, in halves of UTF-16."""
    texts = []
    for path in paths:
        data = path.encode("utf-16-le")
        codes = [
            int.from_bytes(data[place : place + 2], "little") for place in range(0, len(data), 2)
        ]
        texts.append(" & ".join(f"ChrW({code})" for code in codes))
    return f"xlwings.Chosen = Array({', '.join(texts)})"


def asked_to_import(noted: list[str]) -> tuple[str, list[str]]:
    """The kind and the paths that Python was given."""
    [ran] = [line for line in noted if line.startswith("run ")]
    module, call = ran.removeprefix("run import ").split("; ")
    assert module == "commissioning.excel.ribbon"
    kind, paths = ast.literal_eval(call.removeprefix(f"{module}.import_own"))
    return kind, [path.encode("utf-16", "surrogatepass").decode("utf-16") for path in paths]


IMPORTS = {
    "LocalisOnImportPayments": ("spend", "Files of payments"),
    "LocalisOnImportContracts": ("contracts", "Your contracts"),
    "LocalisOnImportSurvey": ("survey", "Your own survey"),
}


@pytest.mark.parametrize("callback", IMPORTS)
def test_the_files_that_are_chosen_are_imported_after_a_copy_was_kept(callback: str) -> None:
    kind, title = IMPORTS[callback]
    paths = [
        r"C:\Users\Zoë O'Brien\April & May, 50% \u0041.csv",
        r"\\server\Łódź {1}\Ausgaben €.xlsx",
        '/Users/ann/\U0001f600 "x".ods',
    ]
    noted = play(
        chosen(*paths),
        f"{callback} Nothing",
        'Note "copy " & Dir(ThisWorkbook.Path & "/*.backup-*")',
        "Note Shown(Application.Calculation = xlCalculationAutomatic)",
        "Note Shown(Application.ScreenUpdating And Application.DisplayAlerts)",
    )
    patterns = "*.csv;*.tsv;*.txt;*.xlsx;*.xls;*.ods"
    assert noted[0] == f"choose {title} Tables ({patterns}),{patterns} True"
    assert asked_to_import(noted) == (kind, paths)
    assert noted[-3].startswith("copy twin.backup-")
    assert noted[-2:] == ["True", "True"]


def test_one_file_as_a_mac_gives_it_is_imported() -> None:
    noted = play('xlwings.Chosen = "/Users/ann/a.csv"', "LocalisOnImportPayments Nothing")
    assert asked_to_import(noted) == ("spend", ["/Users/ann/a.csv"])


def test_where_no_file_is_chosen_nothing_is_done() -> None:
    noted = play(
        "xlwings.Chosen = False",
        *(f"{callback} Nothing" for callback in IMPORTS),
        'Note "copy " & Dir(ThisWorkbook.Path & "/*.backup-*")',
    )
    assert [line.split()[0] for line in noted] == ["choose"] * len(IMPORTS) + ["copy"]
    assert noted[-1] == "copy "


def test_about_passes_the_versions_of_the_add_in() -> None:
    from commissioning import __version__

    assert play("LocalisOnAbout Nothing")[-2].endswith(f".show_about('{__version__}', '0')")


def test_starting_with_excel_is_a_setting_and_is_done_once() -> None:
    assert play(
        "LocalisFollow",
        "LocalisOnStartWithExcel Nothing, True",
        "LocalisOnStartWithExcel Nothing, False",
    ) == ["save WARM UP true", "save WARM UP false"]


def test_each_thing_that_libreoffice_cannot_do_is_still_in_the_add_in() -> None:
    texts = "\n".join(module.text for module in source.modules() if module.name != "xlwings")
    assert [old for old in CANNOT if not re.search(old, texts, re.DOTALL)] == []


def test_what_is_not_run_fails_in_libreoffice_indeed() -> None:
    lines = ["On Error Resume Next"]
    for what, statement in NOT_RUN.items():
        lines += ["Err.Clear", statement, f'If Err.Number <> 0 Then Note "cannot: {what}"']
    noted = [line for line in play(*lines) if line.startswith("cannot: ")]
    assert noted == [f"cannot: {what}" for what in NOT_RUN]
