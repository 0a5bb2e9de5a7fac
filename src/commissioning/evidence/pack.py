"""The evidence: what the press release says that can be counted, as typed rows.

A pack is a folder with a `datapackage.json` and the CSV files that it names. The one shipped
inside the package holds the survey of 2011; another of the same form can take its place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from commissioning.errors import EvidenceError
from commissioning.evidence import crosschecks
from commissioning.evidence.tabular import (
    CELL_LIMIT,
    Record,
    check_references,
    quoted,
    read_table,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

SHIPPED = Path(__file__).parent.parent / "data"


class Question(NamedTuple):
    """A survey question; `published_base` is the base of its published percentages."""

    question: str
    sheet: str
    topic: str
    asked: str
    kind: str
    answered: int | None
    skipped: int | None
    published_base: int
    base_status: str
    where: str


class Option(NamedTuple):
    """An option of a single or multiple question, `count` in respondents."""

    question: str
    option: str
    label: str
    aliases: str | None
    count: int  # type: ignore[assignment]  # hides a method of tuples that no row needs
    printed_percent: float
    where: str


class Outlook(NamedTuple):
    """An answer of the outlook question, with its weight in the weighted balance."""

    outlook: str
    label: str
    short: str
    direction: str
    weight: float
    where: str


class Provider(NamedTuple):
    """A provider type; `external` to the council itself or not."""

    provider: str
    label: str
    aliases: str | None
    external: bool
    where: str


class Cell(NamedTuple):
    """One count of the outlook question: respondents, by provider type and outlook."""

    provider: str
    outlook: str
    count: int  # type: ignore[assignment]  # hides a method of tuples that no row needs
    where: str


class Component(NamedTuple):
    """A component of total non-external expenditure, £bn."""

    item: str
    label: str
    aliases: str | None
    sign: int
    amount: float
    unit: str
    year: str
    source_table: str
    page: int
    supports: str
    where: str


class Claim(NamedTuple):
    """A headline claim: the figure as printed, and what it takes to work it out again."""

    claim: str
    statement: str
    printed: str
    value: float
    unit: str
    relation: str
    rounding: float
    measure: str
    question: str | None
    subject: str | None
    where: str
    note: str | None


class Recommendation(NamedTuple):
    """A recommendation of the report by its title."""

    recommendation: int
    title: str
    highlighted: bool
    where: str


class Action(NamedTuple):
    """One thing that somebody can do under a recommendation."""

    action: str
    recommendation: int
    task: str
    body: str
    where: str


class Endorsement(NamedTuple):
    """Somebody named in support of the report."""

    name: str
    role: str
    organisation: str
    sector: str
    relation: str
    where: str


class Note(NamedTuple):
    """A note that bears on the evidence."""

    note: str
    text: str
    where: str


class Source(NamedTuple):
    """What the evidence was taken from."""

    source: str
    title: str
    publisher: str
    published: dt.date | None
    used_for: str
    link: str | None
    where: str


class Outcome(NamedTuple):
    """The answers about one provider type, summed by direction; counts of respondents."""

    provider: Provider
    counts: Mapping[str, int]
    fewer: int
    same: int
    more: int

    @property
    def total(self) -> int:
        """The row total: everybody who answered about this provider type."""
        return self.fewer + self.same + self.more


@dataclass(frozen=True)
class Evidence:
    """A pack, loaded and checked; rows in the order of its files."""

    name: str
    title: str
    version: str
    questions: tuple[Question, ...]
    options: tuple[Option, ...]
    outlooks: tuple[Outlook, ...]
    providers: tuple[Provider, ...]
    shift: tuple[Cell, ...]
    expenditure: tuple[Component, ...]
    claims: tuple[Claim, ...]
    recommendations: tuple[Recommendation, ...]
    actions: tuple[Action, ...]
    endorsements: tuple[Endorsement, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    def question(self, code: str) -> Question:
        """The question with the given letter."""
        return next(question for question in self.questions if question.question == code)

    def options_of(self, code: str) -> tuple[Option, ...]:
        """The options of the question with the given letter."""
        return tuple(option for option in self.options if option.question == code)

    def component(self, item: str) -> Component:
        """The expenditure component with the given code."""
        return next(component for component in self.expenditure if component.item == item)

    @cached_property
    def outlook_question(self) -> Question:
        """The one question of kind outlook."""
        return next(question for question in self.questions if question.kind == "outlook")

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What was answered about each provider type, by its code."""
        counts = {(cell.provider, cell.outlook): cell.count for cell in self.shift}
        return {
            provider.provider: Outcome(
                provider,
                {o.outlook: counts[provider.provider, o.outlook] for o in self.outlooks},
                *(
                    sum(
                        counts[provider.provider, o.outlook]
                        for o in self.outlooks
                        if o.direction == direction
                    )
                    for direction in ("fewer", "same", "more")
                ),
            )
            for provider in self.providers
        }


#: Which class holds the rows of which file.
ROWS: Mapping[str, type[Any]] = {
    "questions": Question,
    "options": Option,
    "outlooks": Outlook,
    "providers": Provider,
    "shift": Cell,
    "expenditure": Component,
    "claims": Claim,
    "recommendations": Recommendation,
    "actions": Action,
    "endorsements": Endorsement,
    "notes": Note,
    "sources": Source,
}

T = TypeVar("T")


@cache
def load(folder: Path = SHIPPED) -> Evidence:
    """The evidence of a pack, by default the shipped one; each folder is read once.

    Raises:
        EvidenceError: the pack is not of the expected form; names file, row and column.
    """
    package = _descriptor(folder)
    paths = _paths(folder, package)
    # The shipped schema rules: what another pack says of its own columns cannot loosen it.
    schemas = {part["name"]: part["schema"] for part in _descriptor(SHIPPED)["resources"]}
    tables = {name: read_table(paths[name], schemas[name]) for name in ROWS}
    for name in ROWS:
        check_references(schemas[name], tables[name], tables)
    crosschecks.check(tables)
    return Evidence(
        name=package["name"],
        title=package["title"],
        version=package["version"],
        **{name: _typed(row, tables[name]) for name, row in ROWS.items()},
    )


def _typed(row: type[T], records: Sequence[Record]) -> tuple[T, ...]:
    # The schema has the fields in the row's order; a test holds the two together.
    return tuple(row(*record.values.values()) for record in records)


def _descriptor(folder: Path) -> dict[str, Any]:
    """The pack's `datapackage.json`, as far as the loader relies on it."""
    file = folder / "datapackage.json"
    try:
        package = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise EvidenceError(
            f"{folder} is not an evidence pack: it has no datapackage.json."
        ) from None
    except OSError as error:
        raise EvidenceError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{file} is not valid JSON in UTF-8: {error}.") from None
    if not isinstance(package, dict):
        raise EvidenceError(f"{file} must hold a JSON object.")
    for key in ("name", "title", "version"):
        text = package.get(key)
        if not isinstance(text, str) or not text.strip() or not text.isprintable():
            raise EvidenceError(f"{file}: {key!r} is missing or not a plain text.")
        if len(text) > CELL_LIMIT:
            raise EvidenceError(f"{file}: {key!r} is longer than {CELL_LIMIT:,} characters.")
    return package


def _paths(folder: Path, package: Mapping[str, Any]) -> dict[str, Path]:
    """The file of each resource; a pack's files stay inside its folder."""
    file, resources = folder / "datapackage.json", package.get("resources")
    if not isinstance(resources, list):
        raise EvidenceError(f"{file}: 'resources' is missing or not a list.")
    paths: dict[str, Path] = {}
    for resource in resources:
        given = resource if isinstance(resource, dict) else {}
        name, path = given.get("name"), given.get("path")
        if not isinstance(name, str) or not isinstance(path, str):
            raise EvidenceError(f"{file}: each of 'resources' needs a name and a path, as text.")
        if name in paths:
            raise EvidenceError(f"{file}: the resource {quoted(name)} stands there twice.")
        if not _inside(folder, path):
            raise EvidenceError(
                f"{file}: the path {quoted(path)} is not that of a file in the pack's folder."
            )
        paths[name] = folder / path
    if missing := [name for name in ROWS if name not in paths]:
        raise EvidenceError(f"{file}: the resource {missing[0]!r} is missing.")
    return paths


def _inside(folder: Path, path: str) -> bool:
    """Whether a path that can be printed stays in the folder, its links followed."""
    try:
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all, or links in a circle
        return False
    return inside and path.isprintable()
