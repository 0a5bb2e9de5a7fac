"""The declarations of the functions: name, help, arguments, examples.

From them come the functions in Excel, the README's table, `localis functions` and `localis call`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.cells import Error, Value
    from commissioning.excel.values import Grid

PREFIX = "LOCALIS_"

#: Excel's limits, in characters: on a description, and on all argument names of a function.
LONGEST_HELP = 255
LONGEST_ARGUMENTS = 254

#: The group under which Excel's function wizard lists the functions.
CATEGORY = "Localis"


class Argument(NamedTuple):
    """An argument: what it is, and whether it may be left out.

    `number` arguments take numbers, the others text; `whole` ones take their range as one thing,
    such as a column of statuses, where the others are worked out cell by cell.
    """

    name: str
    help: str
    optional: bool = True
    number: bool = False
    whole: bool = False


class Example(NamedTuple):
    """A call with its result to 12 decimal places, and how cells show that once they are formatted.

    A range is written as a list of rows.
    """

    arguments: tuple[object, ...]
    result: object
    shown: str = ""


class Function(NamedTuple):
    """A function of the product.

    Attributes:
        name: in Excel, with the prefix.
        help: one sentence for the function wizard.
        arguments: in their order.
        examples: each of them is run as a test.
        work: takes one plain value for each argument (a `Grid` for a whole one), with None for
            what is left out; gives a value, or rows of values that spill.
        table: what the function spills when it is called without arguments, headings first.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    examples: tuple[Example, ...]
    work: Callable[..., Value | Grid]
    table: Callable[[], Grid] | None = None

    @property
    def signature(self) -> str:
        """The call as help shows it: optional arguments in brackets."""
        names = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({', '.join(names)})"


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of the program
    """A function cannot answer: the native error, and the reason in one sentence."""

    def __init__(self, error: Error, reason: str) -> None:
        """Hold error value and reason."""
        super().__init__(reason)
        self.error = error
        self.reason = reason


def one_of(names: Sequence[str]) -> str:
    """The accepted values as a reason or a help text lists them."""
    return ", ".join(names[:-1]) + f" or {names[-1]}" if len(names) > 1 else names[0]
