"""What is to be known of payments that were read, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.council.reading.amounts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.council.spend.payments import Reading

#: The fields of which is told from which column they are, wherever payments are read.
_SHOWN = ("amount", "date", "beneficiary", "service")


def of_columns(reading: Reading) -> Iterator[str]:
    """Which columns were taken, and what is to be known of them: a line for each table and note."""
    for decision in reading.decisions:
        where = f"sheet {decision.sheet}: " if decision.sheet else ""
        taken = (
            f"{choice.field.label.lower()} from {choice.name}"
            for code, choice in decision.choices.items()
            if code in _SHOWN
        )
        yield f"{where}{', '.join(taken)}."
        for note in decision.notes:
            yield f"{where}{note}"


def of_rows(reading: Reading) -> list[str]:
    """What is to be known of the payments that were read, and of rows that are none."""
    counts = (
        (reading.blank, "blank row", "left away"),
        (reading.undated.rows if len(reading.days) > 1 else 0, "payment", "without a date"),
        (reading.nameless, "payment", "without a beneficiary"),
        (reading.rounded, "amount", "with a fraction of a penny, rounded half away from zero"),
        (reading.in_doubt.rows, "payment", "on a day of which Excel may have turned day and month"),
        (reading.mended, "row", "with a comma in a cell that was not quoted: put together again"),
    )
    said = [f"{counted(count, noun)} {what}." for count, noun, what in counts if count]
    return [*said, *([f"The file says who pays: {reading.body}."] if reading.body else [])]
