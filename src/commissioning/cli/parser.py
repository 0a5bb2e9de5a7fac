"""The arguments of the command `localis`, and its help; nothing heavy is imported for them."""

from __future__ import annotations

import argparse

from commissioning import __version__

#: For type checkers only: importing `typing` would take as long as the rest of the help.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

FINE, FOUND, BAD = 0, 1, 2

_EXIT_CODES = """\
exit codes:
  0  fine
  1  the check found something, something was not read, the workbook needs a look, a claim does not
     hold, or a function gives an error value
  2  bad input or file, or the output cannot be written
"""


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """End the program."""
        self.exit(BAD, f"{self.prog}: {message}; see '{self.prog} --help'.\n")


def parser() -> _Parser:
    """The parser of all commands."""
    top = _Parser(
        prog="localis",
        description="Localis for Excel: commissioning workbooks for English councils.",
        epilog='example:\n  localis template Commissioning.xlsx --council "Essex County Council"'
        f"\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"localis {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_template(commands)
    _add_check(commands)
    _add_refresh(commands)
    _add_progress(commands)
    _add_spend(commands)
    _add_contracts(commands)
    _add_survey(commands)
    _add_import(commands)
    _add_claims(commands)
    _add_functions(commands)
    _add_call(commands)
    _add_addin(commands)
    _add_doctor(commands)
    return top


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse names the type nowhere else


def _add(commands: _Commands[_Parser], name: str, purpose: str, example: str) -> _Parser:
    return commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example:\n  {example}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_evidence(command: _Parser) -> None:
    command.add_argument(
        "--evidence",
        metavar="PATH",
        help="folder of another evidence pack (default: the survey of 2011)",
    )


def _add_template(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "template",
        "make a new commissioning workbook",
        'localis template Commissioning.xlsx --council "Essex County Council" '
        "--financial-year 2026-27",
    )
    _add_evidence(command)
    command.add_argument("file", metavar="FILE", help="the workbook to make, .xlsx")
    command.add_argument("--council", metavar="NAME", help="name on the cover")
    command.add_argument(
        "--financial-year",
        metavar="YEAR",
        help="year of the council's own figures, such as 2026-27 (default: the year of --as-at)",
    )
    command.add_argument(
        "--as-at",
        metavar="DATE",
        help="date at which the tracker's ratings are worked out, such as 2026-11-22 "
        "(default: today)",
    )
    command.add_argument(
        "--force", action="store_true", help="replace an existing file; a backup of it is kept"
    )


def _add_check(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "check",
        "check a commissioning workbook: figures, accessibility, soundness",
        "localis check Commissioning.xlsx",
    )
    _add_evidence(command)
    command.add_argument("file", metavar="FILE", help="the workbook, .xlsx or .xlsm")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


def _add_refresh(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "refresh",
        "bring a workbook up to date with the evidence; what was typed stays",
        "localis refresh Commissioning.xlsx --dry-run",
    )
    _add_evidence(command)
    command.add_argument("file", metavar="FILE", help="the workbook, .xlsx or .xlsm")
    command.add_argument(
        "--only",
        choices=("survey", "expenditure", "recommendations"),
        help="one part of the evidence, with the sheets that all parts share (default: all)",
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would change, and write nothing"
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_progress(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "progress",
        "show how far a workbook's tracker is, what is overdue first",
        "localis progress Commissioning.xlsx",
    )
    _add_evidence(command)
    command.add_argument("file", metavar="FILE", help="the workbook, .xlsx or .xlsm")
    command.add_argument("--json", action="store_true", help="print the figures as JSON")


def _add_own_files(command: _Parser) -> argparse.Action:
    """Add the files and their options; returns the argument of the files."""
    files = command.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="what the council publishes or exports: .csv, .tsv, .xlsx, .xls or .ods",
    )
    command.add_argument(
        "--columns",
        metavar="FIELD=HEADING,...",
        help='which column is which, where the choice is wrong: amount="Net Amount",date=Paid',
    )
    command.add_argument("--json", action="store_true", help="print the figures as JSON")
    return files


def _add_spend(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "spend",
        "read the council's payments as published and add them up",
        "localis spend 2026-04.csv 2026-05.xlsx --by provider",
    )
    _add_own_files(command)
    command.add_argument(
        "--by",
        choices=("provider", "supplier", "service", "month"),
        help="add up by type of provider, supplier, service or month",
    )
    command.add_argument(
        "--council",
        metavar="NAME",
        help="who paid, whose own companies are told by their names (default: as the files say)",
    )


def _add_contracts(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "contracts",
        "read the council's contracts register and show what ends when",
        "localis contracts register.csv --as-at 2026-11-22",
    )
    _add_own_files(command)
    command.add_argument(
        "--as-at",
        metavar="DATE",
        help="date from which the next 24 months are counted (default: today)",
    )


def _add_survey(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "survey",
        "read a survey of the council's own and hold it against the national one",
        "localis survey responses.xlsx",
    )
    _add_evidence(command)
    _add_own_files(command)


def _add_import(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "import",
        "put the council's own files into its workbook; what was typed stays",
        "localis import spend 2026-04.csv 2026-05.xlsx --into Commissioning.xlsx\n"
        "  localis import spend --without 2026-04.csv --into Commissioning.xlsx",
    )
    _add_evidence(command)
    command.add_argument(
        "kind", choices=("spend", "contracts", "survey"), help="what the files are"
    )
    files = _add_own_files(command)
    # Not nargs "*", which is taken to be there, and empty, where an option stands before the files.
    files.required, files.default = False, []
    command.add_argument(
        "--without",
        metavar="NAME",
        action="append",
        default=[],
        help="a file of payments, as the sheet Payment files names it, that is to count no longer",
    )
    command.add_argument(
        "--into", metavar="WORKBOOK", required=True, help="the workbook, .xlsx or .xlsm"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would change, and write nothing"
    )


def _add_claims(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "claims",
        "work out every published claim again and print the verdicts",
        "localis claims --json",
    )
    _add_evidence(command)
    command.add_argument("--json", action="store_true", help="print the claims as JSON")


def _add_functions(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "functions",
        "list the functions for Excel, with their arguments and examples",
        "localis functions",
    )
    command.add_argument("--json", action="store_true", help="print all that is declared, as JSON")


def _add_call(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "call",
        "work out a function for Excel",
        'localis call shift SME "net balance"\n'
        "  localis call nonexternal 88.1 61.7 24.6\n"
        '  localis call progress "{Complete;In progress}"',
    )
    command.usage = "localis call [-h] NAME [ARGUMENT ...]"
    command.add_argument(
        "name", metavar="NAME", help="name of the function, with or without LOCALIS_"
    )
    # All that follows the name, so that -3 is a number and not an option.
    command.add_argument(
        "arguments",
        metavar="ARGUMENT",
        nargs=argparse.REMAINDER,
        help='its arguments in order; {1,2;3,4} is a range of two rows, "" a blank cell',
    )


def _add_addin(commands: _Commands[_Parser]) -> None:
    purpose = "build the add-in for Excel, install or remove it"
    group = commands.add_parser(
        "addin", help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}."
    )
    verbs = group.add_subparsers(dest="verb", required=True, metavar="VERB")
    build = _add(
        verbs,
        "build",
        "write the add-in and print its SHA-256",
        "localis addin build Localis.xlam",
    )
    build.add_argument(
        "file", metavar="FILE", nargs="?", default="Localis.xlam", help="default: Localis.xlam"
    )
    source = _add(
        verbs,
        "source",
        "write every module of the add-in as text, for whoever reviews it",
        "localis addin source review",
    )
    source.add_argument("folder", metavar="FOLDER", help="the folder to write into")
    install = _add(
        verbs,
        "install",
        "build the add-in and place it where Excel opens it by itself (Windows)",
        "localis addin install",
    )
    install.add_argument(
        "--sign", metavar="THUMBPRINT", help="sign it with the certificate of that thumbprint"
    )
    _add(verbs, "remove", "remove the add-in and its settings (Windows)", "localis addin remove")
    status = _add(
        verbs, "status", "say what is installed, and whether it is current", "localis addin status"
    )
    status.add_argument("--json", action="store_true", help="print it as JSON")


def _add_doctor(commands: _Commands[_Parser]) -> None:
    command = _add(
        commands,
        "doctor",
        "look at every known failure of the add-in and say what to do",
        "localis doctor",
    )
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
