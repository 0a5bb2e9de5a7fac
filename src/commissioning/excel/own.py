"""What the functions on the council's own figures answer: its market, and its own survey.

Like `functions`, each takes plain values and refuses with a native error and a reason.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import NO_BASE, WRONG_KIND, Value, is_number
from commissioning.council.spend import concentration
from commissioning.council.survey import compare as comparison
from commissioning.excel import values
from commissioning.excel.lookups import Names, lookups, named
from commissioning.excel.registry import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commissioning.evidence.pack import Question
    from commissioning.excel.values import Grid

MARKET_MEASURES = Names(
    "measure",
    named("share", "amount|sum|total|spend", "suppliers|groups", "HHI", "four largest|CR4"),
)
COMPARE_MEASURES = Names(
    "measure",
    named(
        "difference|points",
        "low",
        "high",
        "own|own share",
        "national",
        "verdict",
        "balance|balance difference|net balance",
        "balance low",
        "balance high",
        "own balance",
        "national balance",
        "balance verdict",
    ),
)


def market(  # noqa: PLR0913, PLR0917 - each is an argument in Excel
    amounts: Grid,
    groups: Grid,
    group: str | None,
    name: str | None,
    labels: Grid | None,
    label: str | None,
) -> Value | Grid:
    """A measure of a group of amounts, or of how concentrated they are; shares as fractions."""
    sums = _sums(amounts, groups, labels, label)
    if not any(cell is not None for row in groups for cell in row):
        return ""
    if name is None and group is None:
        return [[each, amount] for each, amount in sums.items()] or ""
    wanted = MARKET_MEASURES[name or "share"]
    if group is not None:
        return _of_group(sums, group, wanted)
    works: Mapping[str, Callable[[list[float]], float]] = {
        "amount": math.fsum,
        "suppliers": lambda each: sum(amount != 0 for amount in each),
        "HHI": concentration.hhi,
        "four largest": concentration.share_of_largest,
    }
    if wanted not in works:
        raise Refusal(WRONG_KIND, f"{wanted} is that of a group; name one.")
    found = [round(amount, 10) for amount in sums.values()]
    if wanted not in {"amount", "suppliers"} and not any(amount > 0 for amount in found):
        raise Refusal(NO_BASE, "no amount is above zero.")
    return works[wanted](found)


def _of_group(sums: Mapping[str, float], group: str, wanted: str) -> float:
    if wanted not in {"share", "amount"}:
        raise Refusal(WRONG_KIND, f"{wanted} is that of all groups; leave the group out.")
    amount = next((v for each, v in sums.items() if _same(each, group)), 0.0)
    if wanted == "amount":
        return amount
    whole = math.fsum(sums.values())
    if not whole:
        raise Refusal(NO_BASE, "the amounts come to nothing.")
    return amount / whole


def _sums(
    amounts: Grid, groups: Grid, labels: Grid | None, label: str | None
) -> Mapping[str, float]:
    """The sum of the amounts of each group, as far as their label is the wanted one.

    Amounts without a group do not count.
    """
    cells = zip(values.cells(amounts, "amounts"), values.cells(groups, "groups"), strict=True)
    labelled = values.cells(labels, "labels") if labels else None
    if (labelled is None) != (label is None):
        raise Refusal(WRONG_KIND, "labels and label go together; give both or neither.")
    parts: dict[str, tuple[str, list[float]]] = {}
    for number, (amount, group) in enumerate(cells):
        if (
            amount is None
            or group is None
            or (labelled and not _same(_plain(labelled[number]), _plain(label)))
        ):
            continue
        shown = _label(group)
        _, found = parts.setdefault(shown.casefold(), (shown, []))
        found.append(values.number(amount, "amounts"))
    return {shown: math.fsum(found) for shown, found in parts.values()}


def _label(cell: Value) -> str:
    return "" if cell is None else values.text(cell, "a label") if is_number(cell) else str(cell)


def _plain(cell: Value) -> str:
    """A label as it is compared: a text that spells a number is that number, as in a shell."""
    try:
        return f"{values.number(cell, 'labels'):.15g}"
    except Refusal:
        return _label(cell)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def compare(  # noqa: PLR0913, PLR0917 - each is an argument in Excel
    question: str,
    answer: str,
    count: float | None,
    base: float | None,
    name: str | None,
    confidence: float | None,
    fewer: float | None,
) -> Value:
    """A council's own count against the national survey; shares and differences as fractions."""
    wanted = COMPARE_MEASURES[name or "difference"]
    if count is None or base is None:
        return ""
    asked = lookups().questions[question]
    level = comparison.CONFIDENCE if confidence is None else confidence
    if "balance" in wanted:
        if asked.kind != "outlook":
            only = lookups().evidence.outlook_question.question
            raise Refusal(
                WRONG_KIND, f"{wanted} is that of a provider; name one of question {only}."
            )
        if fewer is None:
            raise Refusal(WRONG_KIND, "fewer is missing; give how many expect fewer or none.")
        national = lookups().providers[answer]
        found = comparison.balances(count, fewer, base, national, confidence=level)
    else:
        found = comparison.shares(count, base, *_national(asked, answer), confidence=level)
    figure: Value = getattr(found, _field(wanted))
    if figure is None:
        raise Refusal(NO_BASE, "base is 0; give how many answered.")
    return figure


def _field(wanted: str) -> str:
    """The field of a `Difference` that a measure names."""
    field = wanted.replace("balance", "").strip()
    return "points" if field in {"difference", ""} else field


def _national(question: Question, answer: str) -> tuple[float, float]:
    """Count and base of an answer in the national survey; of a provider type, who expects more."""
    found = lookups()
    if question.kind == "outlook":
        outcome = found.providers[answer]
        return outcome.more, outcome.total
    figures = found.options[question.question][answer]
    return float(str(figures["count"])), float(question.published_base)
