"""What the functions LOCALIS_* answer.

Each takes plain values, None for what is left out, and gives a value or rows of values; what it
cannot answer it refuses with a native error and a reason. Shares are fractions, amounts are in the
unit they come in, national expenditure is in £bn.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.cells import NO_BASE, NOT_AVAILABLE, OUT_OF_DOMAIN, WRONG_KIND, Value
from commissioning.evidence import expenditure as money
from commissioning.evidence import measures, tracker
from commissioning.excel import values
from commissioning.excel.lookups import (
    BALANCE_MEASURES,
    BASES,
    BOUNDS,
    CLAIM_FIELDS,
    CONFIDENCE,
    RECOMMENDATION_FIELDS,
    SURVEY_MEASURES,
    Measures,
    balance_measures,
    divisions,
    lookups,
    measure,
    question_measures,
)
from commissioning.excel.registry import Refusal, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.excel.values import Grid

#: Measures that the press release prints, on a base of its own.
_PUBLISHED = frozenset(["more", "fewer", "no change"])


def shift(provider: str, name: str | None, base: str | None) -> Value:
    """A measure of what councils expect of a provider type; shares and balances as fractions."""
    found = lookups()
    wanted = found.shift_measures[name or "more"]
    if base is not None:
        chosen = BASES[base]
    else:
        chosen = "as published" if wanted in _PUBLISHED else "row total"
    code = found.providers[provider].provider.provider
    return measure(found.shift_measures, found.shift[code][chosen], wanted)


@cache
def shift_table() -> Grid:
    """Every measure for every provider type, headings first."""
    found = lookups()
    names = found.shift_measures.first
    rows: Grid = [["Provider", *names]]
    for outcome in found.providers.things:
        label, code = outcome.provider.label, outcome.provider.provider
        rows.append([label, *(_or_error(partial(shift, code, name, None)) for name in names)])
    return rows


def _or_error(work: Callable[[], Value]) -> Value:
    """A cell of a table: what a function gives, or its error value."""
    try:
        return work()
    except Refusal as refusal:
        return refusal.error


def survey(question: str, option: str | None, name: str | None) -> Value | Grid:
    """A measure of an answer, of a question, or the table of a question."""
    found = lookups()
    asked = found.questions[question]
    if option is not None:
        return measure(SURVEY_MEASURES, found.options[asked.question][option], name or "share")
    if name is None:
        return _question_table(asked.question)
    figures = question_measures(asked)
    wanted = SURVEY_MEASURES[name]
    if wanted not in figures:
        options = one_of(found.options[asked.question].first)
        raise Refusal(WRONG_KIND, f"{wanted} is that of an answer; name {options}.")
    return measure(SURVEY_MEASURES, figures, wanted)


_OPTION_COLUMNS = ("share", "count", "as printed", "low", "high")


def _question_table(question: str) -> Grid:
    options = lookups().options[question].things
    rows: Grid = [["Answer", *_OPTION_COLUMNS]]
    for each in options:
        rows.append([each["answer"], *(_or_missing(each, name) for name in _OPTION_COLUMNS)])
    return rows


def _or_missing(figures: Measures, name: str) -> Value:
    value = figures.get(name)
    return NOT_AVAILABLE if value is None else value


@cache
def survey_table() -> Grid:
    """Every option of every question, headings first."""
    rows: Grid = [["Question", "Answer", *_OPTION_COLUMNS]]
    for question in lookups().questions.things:
        rows += [[question.question, *row] for row in _question_table(question.question)[1:]]
    return rows


def expenditure(item: str) -> Value:
    """A national component or result, £bn or a share."""
    return lookups().expenditure[item][1]


@cache
def expenditure_table() -> Grid:
    """Every component and result, headings first."""
    found = lookups().expenditure
    rows: Grid = [["Item", "Measure", "£bn or share"]]
    rows += [
        [code, label, amount]
        for code, (label, amount) in zip(found.first, found.things, strict=True)
    ]
    return rows


def non_external(
    procurement: float | None, contractors: float | None, employees: float | None
) -> Value:
    """Procurement less contractors plus employees, in their unit; empty where all are."""
    if procurement is contractors is employees is None:
        return ""
    return money.non_external(procurement or 0.0, contractors or 0.0, employees or 0.0)


def claim(claim: str, field: str | None) -> Value:
    """A field of a claim that is worked out again."""
    return measure(CLAIM_FIELDS, lookups().claims[claim], field or "worked out")


@cache
def claim_table() -> Grid:
    """Every claim with its working and verdict, headings first."""
    found = lookups().claims
    fields = ("statement", "printed", "worked out", "working", "base", "on row total", "verdict")
    rows: Grid = [["Claim", *fields]]
    rows += [
        [code, *(each[field] if each[field] is not None else "" for field in fields)]
        for code, each in zip(found.first, found.things, strict=True)
    ]
    return rows


def recommendation(number: str, field: str | None) -> Value:
    """A field of a recommendation."""
    return measure(RECOMMENDATION_FIELDS, lookups().recommendations[number], field or "title")


@cache
def recommendation_table() -> Grid:
    """Every recommendation, headings first."""
    found = lookups().recommendations
    rows: Grid = [["Number", *RECOMMENDATION_FIELDS.first]]
    rows += [
        [int(number), *(each[field] for field in RECOMMENDATION_FIELDS.first)]
        for number, each in zip(found.first, found.things, strict=True)
    ]
    return rows


def _numbers(name: str, rows: Grid | None) -> list[float | None] | None:
    """The numbers of a range in reading order, blanks as None."""
    if rows is None:
        return None
    cells = values.cells(rows, name)
    return [None if cell is None else values.number(cell, name) for cell in cells]


def progress(statuses: Grid, percents: Grid | None, weights: Grid | None) -> Value:
    """Mean progress of the actions that count, 0 to 1; ranges are of one shape."""
    cells = values.cells(statuses, "statuses")
    parts = _numbers("percents", percents) or [None] * len(cells)
    # A progress that is worked out already counts as itself.
    worked_out = [_worked_out(cell) for cell in cells]
    names = [
        _status(cell) if number is None else "Complete"
        for cell, number in zip(cells, worked_out, strict=True)
    ]
    parts = [
        part if number is None else number for part, number in zip(parts, worked_out, strict=True)
    ]
    if any(part is not None and not 0 <= part <= 1 for part in parts):
        raise Refusal(OUT_OF_DOMAIN, "progress must be between 0% and 100%.")
    heavy = _numbers("weights", weights)
    if any((weight or 0) < 0 for weight in heavy or ()):
        raise Refusal(OUT_OF_DOMAIN, "weights must not be negative.")
    return tracker.progress(names, parts, [weight or 0.0 for weight in heavy] if heavy else None)


_STATUSES = {values.key(status.name): status.name for status in tracker.STATUSES}


def _worked_out(cell: Value) -> float | None:
    """The number in a cell that holds a progress, not a status."""
    try:
        return values.number(cell, "statuses")
    except Refusal:
        return None


def _status(cell: Value) -> str | None:
    """The status in a cell; None where there is none, or only that it does not count."""
    if cell is None or cell in {"", tracker.NOT_COUNTED}:
        return None
    name = values.text(cell, "statuses")
    try:
        return _STATUSES[values.key(name)]
    except KeyError:
        known = one_of([status.name for status in tracker.STATUSES])
        raise Refusal(
            NOT_AVAILABLE, f"status {values.shown(name)} is not known; use {known}."
        ) from None


def interval(
    count: float | None,
    base: float | None,
    bound: str | None,
    confidence: float | None,
    population: float | None,
) -> Value | Grid:
    """Both ends of Wilson's interval side by side, or one of them, as fractions."""
    if count is None:
        return ""
    if not base:
        raise Refusal(NO_BASE, "base is 0 or blank; give how many answered.")
    ends = measures.wilson_interval(
        count, base, CONFIDENCE if confidence is None else confidence, population
    )
    if bound is None:
        return [list(ends)]
    return ends[0] if BOUNDS[bound] == "low" else ends[1]


def balance(counts: Grid, name: str | None) -> Value | Grid:
    """A measure of rows of counts by outlook: one value a row."""
    evidence = lookups().evidence
    rows = counts if len(counts[0]) > 1 else [[row[0] for row in counts]]
    wanted = BALANCE_MEASURES[name or "net balance"]
    each = [partial(_balance_of, row, wanted, [o.short for o in evidence.outlooks]) for row in rows]
    return [[_or_error(work)] for work in each] if len(each) > 1 else each[0]()


def _balance_of(row: list[Value], wanted: str, names: list[str]) -> Value:
    outlooks = lookups().evidence.outlooks
    if all(cell is None for cell in row):
        return ""
    cells = values.cells([row], "counts")
    if len(row) != len(names):
        raise Refusal(
            WRONG_KIND,
            f"counts has {len(row)} cells in a row, blank ones at the end left off; give "
            f"{len(names)}, with 0 where there is none: {', '.join(names)}.",
        )
    counts = [0.0 if cell is None else values.number(cell, "counts") for cell in cells]
    if min(counts) < 0:
        raise Refusal(OUT_OF_DOMAIN, "counts must not be negative.")
    if not any(counts):
        raise Refusal(NO_BASE, "there is no base to divide by.")
    found = balance_measures(
        counts, [o.direction for o in outlooks], [o.weight for o in outlooks], sum(counts)
    )
    return measure(BALANCE_MEASURES, found, wanted)


def scenario(
    amount: float | None, share: float | None, provider: str | None, division: float | None
) -> Value | Grid:
    """Money for a provider type, or for each of them, in the unit of the amount."""
    if amount is None:
        return ""
    found = lookups()
    parts = divisions(found.evidence)
    if provider is None:
        if division is not None:
            raise Refusal(WRONG_KIND, "a division is that of a provider; name one.")
        moved = money.scenario(amount, share or 0.0, list(parts.values()))
        labels = [found.providers[code].provider.label for code in parts]
        return [[label, each] for label, each in zip(labels, moved, strict=True)]
    code = found.providers[provider].provider.provider
    if code not in parts:
        raise Refusal(
            NOT_AVAILABLE, f"{code} is not outside the council; use {one_of(list(parts))}."
        )
    if division is not None and not 0 <= division <= 1:
        raise Refusal(OUT_OF_DOMAIN, "division must be between 0% and 100%.")
    part = parts[code] if division is None else division
    return money.scenario(amount, share or 0.0, [part])[0]


@cache
def version() -> Value:
    """The versions in one line."""
    from importlib import metadata

    evidence = lookups().evidence
    return (
        f"Localis for Excel {__version__}; evidence {evidence.name} {evidence.version}; "
        f"xlwings {metadata.version('xlwings')}"
    )
