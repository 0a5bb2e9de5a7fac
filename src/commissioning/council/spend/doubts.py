"""What needs a look after an import of payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.council.looks import Look, Unread
from commissioning.council.reading.amounts import counted, pounds
from commissioning.council.spend import bodies, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from commissioning.council.spend.overlaps import Twice
    from commissioning.council.spend.payments import Reading
    from commissioning.council.spend.store import File


def unread(readings: Iterable[Reading]) -> Iterator[Unread]:
    """The payments that could not be read."""
    for reading in readings:
        for note in reading.rejected:
            sheet = f", sheet {note.sheet}" if note.sheet else ""
            yield Unread(f"{reading.file}{sheet}", note.row, f"not read: {note.reason}")


def of_dates(readings: Iterable[Reading]) -> Iterator[Look]:
    """Files with payments that have no date, or one of which nobody can tell day from month."""
    for reading in readings:
        undated, in_doubt = reading.undated, reading.in_doubt
        if undated.rows:
            yield Look(
                reading.file,
                f"{counted(undated.rows, 'payment')} without a date, {pounds(undated.pence)}: "
                "counted in no financial year.",
            )
        if in_doubt.rows:
            yield Look(
                reading.file,
                f"{counted(in_doubt.rows, 'payment')} of {pounds(in_doubt.pence)} on a day of "
                "which Excel may have turned day and month, perhaps of another year: see the dates "
                "in the file.",
            )


def of_places(before: Mapping[str, File], now: Iterable[File]) -> Iterator[Look]:
    """Files in whose place came others of the same name but of another time."""
    for file in now:
        old = before.get(file.name)
        if old and old.sha256 != file.sha256 and (old.first, old.last) != (file.first, file.last):
            yield Look(
                file.name,
                "took the place of an earlier file of that name, whose payments from "
                f"{old.first} to {old.last} no longer count. If both should, give one another name "
                "and import both.",
            )


def of_bodies(
    before: Mapping[str, File], now: Iterable[File], council: str | None, workbook: Path
) -> Iterator[Look]:
    """Files that say that another body paid than the council, or than the others that are held.

    Args:
        before: the files that were held, by name; of these nothing is said again.
        now: those that are held now.
        council: the name on the sheet Settings, if there is one.
        workbook: what is imported into.
    """
    files = [file for file in now if file.body]
    known = {file.sha256 for file in before.values()}
    usual = council or bodies.agreed(file.body for file in files if file.sha256 in known)
    usual = usual or next((file.body for file in files), "")
    whose = "the name on the sheet Settings" if council else "who paid the others"
    strangers: dict[str, list[str]] = {}
    for file in files:
        if file.sha256 not in known and not bodies.alike(file.body, usual):
            strangers.setdefault(file.body, []).append(file.name)
    for body, names in strangers.items():
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        say = "the files say" if more else "the file says"
        yield Look(
            f"{names[0]}{more}",
            f"{say} that {body} paid, and {whose} is {usual}. If these are not payments of your "
            f"council: {_left_out(names[0], workbook)}",
        )


def of_overlaps(payments: Path, workbook: Path) -> Iterator[Look]:
    """Files that have payments in common, and which of them can be left out."""
    for each in overlaps.twice(payments, overlaps.months(payments)):
        months = f"{each.months[0]:%B %Y}"
        if len(each.months) > 1:
            months = f"{len(each.months)} months, {months} to {each.months[-1]:%B %Y}"
        yield Look(
            f"{each.file} and {each.other}",
            f"both have {each.identical:,} identical payments of {months}, "
            f"{pounds(each.pence)}, which count twice. {_advice(each, workbook)}",
        )


def _advice(each: Twice, workbook: Path) -> str:
    if each.part is None:
        return (
            "Neither file is a part of the other: take the payments that both have out of one of "
            "them, and import it again; payments that were really made twice can stay."
        )
    whole = each.other if each.part == each.file else each.file
    return (
        f"All or nearly all of {each.part} is in {whole}. Leave it out: "
        f"{_left_out(each.part, workbook)}"
    )


def _left_out(name: str, workbook: Path) -> str:
    return f'localis import spend --without "{name}" --into "{workbook}"'
