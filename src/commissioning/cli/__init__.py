"""The command `localis`: reads arguments, calls the library, prints and sets the exit code.

Exit codes: 0 fine; 1 a check found something, a refreshed workbook needs a look, a claim does not
hold or a function gives an error;
2 bad input or file, or output that cannot be written; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import sys

from commissioning.cli.parser import BAD, FINE, FOUND, parser
from commissioning.errors import LocalisError

#: For type checkers only: importing `typing` would take as long as the rest of the help.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

__all__ = ["BAD", "FINE", "FOUND", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    # Looking for garbage, of which a command makes little, takes a sixth of a long one's time.
    gc.set_threshold(100_000, 50, 100)
    _forgive_console()
    options = parser().parse_args(arguments)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code = _command(options)(options)
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


#: The module of this package that has the function of each command.
_MODULES = {
    "template": "commands",
    "check": "commands",
    "claims": "commands",
    "refresh": "refresh",
    "progress": "refresh",
    "spend": "spend",
    "contracts": "contracts",
    "survey": "survey",
    "import": "imports",
    "functions": "functions",
    "call": "functions",
    "addin build": "addin",
    "addin source": "addin",
    "addin install": "doctor",
    "addin remove": "doctor",
    "addin status": "doctor",
    "doctor": "doctor",
}


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """The function that runs a command; imported only now, so that help is quick."""
    name: str = options.command
    if name == "addin":
        name = f"{name} {options.verb}"
    module = importlib.import_module(f"commissioning.cli.{_MODULES[name]}")
    # `import` is a word of the language.
    function = "import_files" if name == "import" else name.rpartition(" ")[2]
    run: Callable[[argparse.Namespace], int] = getattr(module, function)
    return run


def _forgive_console() -> None:
    """A console that lacks a letter shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
