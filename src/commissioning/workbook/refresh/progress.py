"""How far the tracker is: by recommendation, status and owner, with what is overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import Value, date, fixed, is_number
from commissioning.evidence.tracker import OVERDUE
from commissioning.workbook.layout import tracker

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from commissioning.workbook.book import Row
    from commissioning.workbook.held import Holdings

#: A row of the tracker that has none of these is empty.
_TOLD = ("Action id", "Recommendation", "Action", tracker.STATUS)

NO_STATUS, NO_OWNER = "No status", "No owner"


class Share(NamedTuple):
    """Some of the actions.

    Attributes:
        name: of the recommendation, status or owner.
        actions: how many there are.
        counted: how many of them count for progress.
        overdue: how many of them are overdue.
        progress: mean progress of those that count, from 0 to 1; None where none counts.
    """

    name: str
    actions: int
    counted: int
    overdue: int
    progress: float | None

    def line(self, width: int = 0) -> str:
        """As a line of text, the name filled up to a width."""
        progress = "none counts" if self.progress is None else f"{fixed(self.progress, 0, 100)}%"
        actions = f"{self.actions} action{'' if self.actions == 1 else 's'}"
        overdue = f", {self.overdue} overdue" if self.overdue else ""
        return f"{self.name.ljust(width)}  {progress:>11}  {actions}{overdue}"


class Overdue(NamedTuple):
    """An action that is overdue."""

    action: str
    task: str
    owner: str
    due: dt.date | None
    days: int | None

    def line(self) -> str:
        """As a line of text."""
        return f"{self.action}  {self.days} days  {self.owner}: {self.task}"


@dataclass(frozen=True)
class Progress:
    """The state of the tracker on a date.

    Attributes:
        as_at: the date on Settings; None where none is set, so that nothing is overdue.
        overdue: the longest overdue first.
    """

    as_at: dt.date | None
    overall: Share
    overdue: list[Overdue]
    recommendations: list[Share]
    statuses: list[Share]
    owners: list[Share]

    def lines(self) -> Iterator[str]:
        """The state line by line."""
        day = f"as at {self.as_at:%d %b %Y}" if self.as_at else "no As at date is set"
        yield f"{self.overall.line()} ({day})."
        if self.overdue:
            yield "Overdue:"
            yield from (f"  {each.line()}" for each in self.overdue)
        for heading, shares in (
            ("By recommendation", self.recommendations),
            ("By status", self.statuses),
            ("By owner", self.owners),
        ):
            yield f"{heading}:"
            width = max(len(share.name) for share in shares) if shares else 0
            yield from (f"  {share.line(width)}" for share in shares)

    def as_json(self) -> dict[str, object]:
        """The state as JSON can hold it."""
        return {
            "as_at": self.as_at.isoformat() if self.as_at else None,
            "overall": self.overall._asdict(),
            "overdue": [
                {**each._asdict(), "due": each.due.isoformat() if each.due else None}
                for each in self.overdue
            ],
            "recommendations": [share._asdict() for share in self.recommendations],
            "statuses": [share._asdict() for share in self.statuses],
            "owners": [share._asdict() for share in self.owners],
        }


def summarise(holdings: Holdings) -> Progress:
    """The state of the tracker, by what stands in the workbook now.

    Raises:
        UnknownValueError: a table or column that it needs is missing, or a cell has no value.
    """
    book = holdings.book
    actions = [row for row in book.rows("Actions") if any(row[heading] for heading in _TOLD)]
    titles = {
        _name(row["Recommendation"], ""): f"{row['Recommendation']}  {row['Title']}"
        for row in book.rows("Recommendations")
    }
    as_at = tracker.as_at(book)
    late = [_overdue(row, as_at) for row in actions if _is_overdue(row)]
    return Progress(
        as_at=as_at,
        overall=_share("All actions", actions),
        overdue=sorted(late, key=lambda each: (-(each.days or 0), each.action)),
        recommendations=[
            share._replace(name=titles.get(share.name, share.name))
            for share in _by(
                actions, lambda row: _name(row["Recommendation"], "None"), list(titles)
            )
        ],
        statuses=_by(
            actions,
            lambda row: _name(row[tracker.STATUS], NO_STATUS),
            [_name(row["Status"], "") for row in book.rows("Statuses")],
        ),
        owners=_by(actions, lambda row: _name(row["Owner input"], NO_OWNER), ()),
    )


def _name(value: Value, otherwise: str) -> str:
    return str(value).strip() if value not in {None, ""} else otherwise


def _is_overdue(row: Row) -> bool:
    return row["RAG"] == OVERDUE


def _overdue(row: Row, as_at: dt.date | None) -> Overdue:
    due = date(row[tracker.DUE])
    return Overdue(
        _name(row["Action id"], "No id"),
        _name(row["Action"], ""),
        _name(row["Owner input"], NO_OWNER),
        due,
        (as_at - due).days if as_at and due else None,
    )


def _by(actions: Sequence[Row], name: Callable[[Row], str], order: Sequence[str]) -> list[Share]:
    """The actions by a name: those of the order first, those that have none left out."""
    groups: dict[str, list[Row]] = {each.casefold(): [] for each in order}
    names = {each.casefold(): each for each in order}
    for row in actions:
        groups.setdefault(name(row).casefold(), []).append(row)
        names.setdefault(name(row).casefold(), name(row))
    shares = [_share(names[key], rows) for key, rows in groups.items() if rows]
    known = sum(bool(groups[each.casefold()]) for each in order)
    # Beyond the given order: most overdue first, then by name.
    return shares[:known] + sorted(shares[known:], key=lambda each: (-each.overdue, each.name))


def _share(name: str, actions: Sequence[Row]) -> Share:
    counted = [value for row in actions if is_number(value := row["Progress"])]
    return Share(
        name,
        len(actions),
        len(counted),
        sum(map(_is_overdue, actions)),
        sum(counted) / len(counted) if counted else None,
    )
