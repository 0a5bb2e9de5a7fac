"""The command `localis`: reads arguments, calls the library, prints and sets the exit code.

Exit codes: 0 fine; 1 a check found something, a refreshed workbook needs a look, a claim does not
hold or a function gives an error;
2 bad input or file, or output that cannot be written; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import sys

from commissioning import __version__
from commissioning.errors import LocalisError

#: For type checkers only: importing `typing` would take as long as the rest of the help.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

FINE, FOUND, BAD = 0, 1, 2

_EXIT_CODES = """\
exit codes:
  0  fine
  1  the check found something, the refreshed workbook needs a look, a claim does not hold, or a
     function gives an error value
  2  bad input or file, or the output cannot be written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    _forgive_console()
    options = _parser().parse_args(arguments)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code = _command(_name(options))(options)
        _print(printed.getvalue())
    except LocalisError as error:
        print(f"localis: {error}", file=sys.stderr)
        return BAD
    except KeyboardInterrupt:
        print("localis: interrupted.", file=sys.stderr)
        return 130
    return code


def _print(text: str) -> None:
    """Print all output at once, so that a reader who leaves early does not change the exit code."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        # Python would try again when it ends, and fail then.
        sys.stdout = None
        # Whoever read our output has gone, as `localis claims | head` does; Windows: EINVAL.
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise LocalisError(f"The output cannot be written ({error.strerror}).") from None


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """End the program."""
        self.exit(BAD, f"{self.prog}: {message}; see '{self.prog} --help'.\n")


def _name(options: argparse.Namespace) -> str:
    """The name of a command, such as "check" or "addin build"."""
    name: str = options.command
    return f"{name} {options.verb}" if name == "addin" else name


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function that runs a command; imported only now, so that help is quick."""
    if name in ("functions", "call"):
        from commissioning.cli import functions

        return functions.call if name == "call" else functions.functions
    if name in ("refresh", "progress"):
        from commissioning.cli import refresh

        return refresh.refresh if name == "refresh" else refresh.progress
    if name in ("addin build", "addin source"):
        from commissioning.cli import addin

        return addin.build if name == "addin build" else addin.source
    if name == "doctor" or name.startswith("addin "):
        from commissioning.cli import doctor

        return {
            "addin install": doctor.install,
            "addin remove": doctor.remove,
            "addin status": doctor.status,
            "doctor": doctor.doctor,
        }[name]
    from commissioning.cli import commands

    return {
        "template": commands.template,
        "check": commands.check,
        "claims": commands.claims,
    }[name]


def _forgive_console() -> None:
    """A console that lacks a letter shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _parser() -> _Parser:
    parser = _Parser(
        prog="localis",
        description="Localis for Excel: commissioning workbooks for English councils.",
        epilog='example:\n  localis template Commissioning.xlsx --council "Essex County Council"'
        f"\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"localis {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_template(commands)
    _add_check(commands)
    _add_refresh(commands)
    _add_progress(commands)
    _add_claims(commands)
    _add_functions(commands)
    _add_call(commands)
    _add_addin(commands)
    _add_doctor(commands)
    return parser


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
