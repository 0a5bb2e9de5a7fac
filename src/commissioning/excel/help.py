"""The functions as help shows them: calls as they are typed into a cell, and the README's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Error
from commissioning.excel.declared import DECLARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.excel.registry import Example, Function


def formula(function: Function, arguments: Sequence[object] = ()) -> str:
    """A call as it is typed into a cell, such as `=LOCALIS_SHIFT("SME")`."""
    return f"={function.name}({','.join(map(constant, arguments))})"


def constant(value: object) -> str:
    """A value as it is typed into a formula; rows are an array constant, None is left out."""
    if isinstance(value, list):
        rows = (",".join(constant("" if cell is None else cell) for cell in row) for row in value)
        return f"{{{';'.join(rows)}}}"
    if isinstance(value, str) and not isinstance(value, Error):
        return '"' + value.replace('"', '""') + '"'
    return plainly(value)


def result(example: Example) -> str:
    """The result of an example as a cell shows it."""
    if example.shown:
        return example.shown
    return (constant if isinstance(example.result, list) else plainly)(example.result)


def plainly(value: object) -> str:
    """A value in as many digits as a cell holds; None as nothing."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def markdown() -> str:
    """The table of the README: each function with what it answers and its first example."""
    rows = ["| Function | What it answers | Example | Result |", "| --- | --- | --- | --- |"]
    for function in DECLARED:
        example = function.examples[0] if function.examples else None
        typed = formula(function, example.arguments if example else ())
        shown = result(example) if example else ""
        rows.append(f"| `{function.signature}` | {function.help} | `{typed}` | {shown} |")
    return "\n".join(rows)
