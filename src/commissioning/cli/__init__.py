"""The command `localis`: reads arguments, calls the library, prints and sets the exit code.

Exit codes: 0 fine, 1 a check found something, 2 bad input or file.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FINE, FOUND, BAD = 0, 1, 2

_EXIT_CODES = """\
exit codes:
  0  fine
  1  the check found something, or a claim does not hold
  2  bad input or file; nothing was written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    _forgive_console()
    try:
        return _command(options.command)(options)
    except LocalisError as error:
        print(f"localis: {error}", file=sys.stderr)
        return BAD
    except BrokenPipeError:
        # Whoever read our output has gone, as `localis claims | head` does.
        sys.stdout = None
        return FINE
    except KeyboardInterrupt:
        print("localis: interrupted; nothing was written.", file=sys.stderr)
        return 130


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function that runs a command; imported only now, so that help is quick."""
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
    _add_claims(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse names the type nowhere else


def _add(
    commands: _Commands[argparse.ArgumentParser], name: str, purpose: str, example: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example:\n  {example}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--evidence",
        metavar="PATH",
        help="folder of another evidence pack (default: the survey of 2011)",
    )
    return command


def _add_template(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "template",
        "make a new commissioning workbook",
        'localis template Commissioning.xlsx --council "Essex County Council" '
        "--financial-year 2026-27",
    )
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


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "check",
        "check a commissioning workbook: figures, accessibility, soundness",
        "localis check Commissioning.xlsx",
    )
    command.add_argument("file", metavar="FILE", help="the workbook, .xlsx or .xlsm")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


def _add_claims(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "claims",
        "work out every published claim again and print the verdicts",
        "localis claims --json",
    )
    command.add_argument("--json", action="store_true", help="print the claims as JSON")
