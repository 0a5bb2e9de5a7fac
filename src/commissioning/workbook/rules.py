"""Drop-down lists, limits and colours of a column, as openpyxl writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation

from commissioning.workbook import theme
from commissioning.workbook.grid import DATE, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl.formatting.rule import Rule

    from commissioning.workbook.grid import Column, Kind

#: Excel's limits on the title and the text of a message.
_TITLE, _MESSAGE = 32, 255


def tones(tones: Mapping[str, str], first: str) -> Iterator[Rule]:
    """Rules that colour a range by the words its cells begin with; `first` is its first cell."""
    for words, tone in tones.items():
        yield FormulaRule(  # type: ignore[no-untyped-call]  # so in the stubs
            [f'LEFT({first},{len(words)})="{words}"'], stopIfTrue=True, **theme.tone(tone)
        )


def validation(column: Column) -> DataValidation | None:
    """What may be typed into a column, and the help shown beside its cells."""
    if column.choices:
        made = _list(column.choices)
    elif column.limits:
        made = _between(*column.limits, column.kind)
    elif column.prompt:
        made = DataValidation(allow_blank=True)
    else:
        return None
    if column.prompt:
        made.promptTitle, made.prompt = column.heading[:_TITLE], column.prompt[:_MESSAGE]
        made.showInputMessage = True
    made.showErrorMessage = True
    return made


def _list(choices: tuple[str, ...] | str) -> DataValidation:
    """A drop-down list of a few words, or of the cells with a name."""
    listed = choices if isinstance(choices, str) else f'"{",".join(choices)}"'
    made = DataValidation("list", formula1=listed, allow_blank=True)
    made.errorTitle, made.error = "Not in the list", "Choose one of the list, or leave it empty."
    return made


def _between(low: float, high: float, kind: Kind) -> DataValidation:
    made = DataValidation(
        "date" if kind == DATE else "decimal",
        operator="between",
        formula1=f"{low:g}",
        formula2=f"{high:.0f}",
        allow_blank=True,
    )
    if kind == DATE:
        made.errorTitle, made.error = "Not a date", "Type a date such as 31/03/2027."
    else:
        made.errorTitle = "Not a number in range"
        shown = ".0%" if kind == SHARE else ",.0f"
        made.error = f"Type a number from {low:{shown}} to {high:{shown}}, or leave the cell empty."
    return made
