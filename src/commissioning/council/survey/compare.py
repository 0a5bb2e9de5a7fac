"""The council's own survey against the national one: differences, their intervals and verdicts.

Counts are of respondents, shares and differences are fractions (0.1 is ten percentage points),
and a difference is own less national. Shares are of those who answered: the published base of a
question, and the row total of a provider type, since the base on which its shares were published
is larger than the number of those who answered about it. The two surveys are independent of each
other. Either is of those who chose to answer, so intervals are indicative; and of twenty
comparisons with an interval of 95% one is expected to show a difference that is none.

Source: Newcombe (1998), "Interval estimation for the difference between independent proportions:
comparison of eleven methods", Statistics in Medicine 17, pages 873-890, method 10.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from commissioning.evidence import measures
from commissioning.evidence.pack import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commissioning.evidence.pack import Evidence, Option, Provider

#: Confidence of the intervals.
CONFIDENCE = 0.95

#: Own answers below which nothing is said about a share. The Civil Service People Survey reports
#: no team with fewer: one person's answer would weigh more than ten points, and could be guessed.
FEWEST = 10

#: The same for a net balance: its interval is a normal approximation, for which 30 answers are
#: the usual least, and has no width where all give one answer.
FEWEST_FOR_BALANCE = 30

#: Width from which an interval around no difference says nothing: twenty points to either side,
#: what 28 own answers near one half give against the 103 of the survey of 2011.
WIDEST = 0.4

#: The same for net balances, which go from -1 to 1.
WIDEST_FOR_BALANCE = 2 * WIDEST

HIGHER = "Higher"
LOWER = "Lower"
NO_CLEAR_DIFFERENCE = "No clear difference"
TOO_FEW = "Too few to tell"


class Difference(NamedTuple):
    """An own figure against the national one, all as fractions; None where nobody answered.

    Attributes:
        own: share or net balance in the council's own survey.
        national: the same in the national one.
        points: own less national.
        low: low end of the interval of the difference.
        high: its high end.
        verdict: `HIGHER`, `LOWER`, `NO_CLEAR_DIFFERENCE` or `TOO_FEW`.
    """

    own: float | None
    national: float
    points: float | None
    low: float | None
    high: float | None
    verdict: str


class AnswerLine(NamedTuple):
    """An option of a single or multiple question in both surveys; counts of respondents."""

    option: Option
    count: int  # type: ignore[assignment]  # hides a method of tuples that no row needs
    base: int
    national_base: int
    share: Difference


class ProviderLine(NamedTuple):
    """A provider type of the outlook question in both surveys; counts of respondents.

    Attributes:
        provider: the type.
        own: what the council's own respondents answered.
        national: what the national ones did.
        more: share that expects more.
        balance: share that expects more less the share that expects fewer.
    """

    provider: Provider
    own: Outcome
    national: Outcome
    more: Difference
    balance: Difference


def answers(
    evidence: Evidence, counts: Mapping[tuple[str, ...], int], fewest: int = FEWEST
) -> list[AnswerLine]:
    """Every option of the single and multiple questions, in the order of the evidence.

    Args:
        evidence: the national survey.
        counts: own respondents, by (question, option), and by (question,) all who answered it;
            what is not there is 0.
        fewest: own answers below which the verdict is `TOO_FEW`.
    """
    lines = []
    for option in evidence.options:
        own = counts.get((option.question, option.option), 0), counts.get((option.question,), 0)
        base = evidence.question(option.question).published_base
        difference = shares(*own, option.count, base, fewest=fewest)
        lines.append(AnswerLine(option, *own, base, difference))
    return lines


def providers(
    evidence: Evidence,
    counts: Mapping[tuple[str, ...], int],
    fewest: int = FEWEST,
    fewest_for_balance: int = FEWEST_FOR_BALANCE,
) -> list[ProviderLine]:
    """Every provider type of the outlook question, in the order of the evidence.

    Args:
        evidence: the national survey.
        counts: own respondents, by (question, provider, outlook); what is not there is 0.
        fewest: own answers below which the verdict on a share is `TOO_FEW`.
        fewest_for_balance: the same for a net balance.
    """
    question = evidence.outlook_question.question
    lines = []
    for provider in evidence.providers:
        national = evidence.outcomes[provider.provider]
        own = outcome(
            evidence,
            provider,
            {o: counts.get((question, provider.provider, o), 0) for o in national.counts},
        )
        more = shares(own.more, own.total, national.more, national.total, fewest=fewest)
        balance = balances(own.more, own.fewer, own.total, national, fewest=fewest_for_balance)
        lines.append(ProviderLine(provider, own, national, more, balance))
    return lines


def outcome(evidence: Evidence, provider: Provider, counts: Mapping[str, int]) -> Outcome:
    """The answers about a provider type, by outlook, summed by direction."""
    sums = dict.fromkeys(("fewer", "same", "more"), 0)
    for outlook in evidence.outlooks:
        sums[outlook.direction] += counts[outlook.outlook]
    return Outcome(provider, counts, **sums)


def shares(  # noqa: PLR0913 - two counts on their bases, and how to judge them
    count: float,
    base: float,
    national_count: float,
    national_base: float,
    *,
    confidence: float = CONFIDENCE,
    fewest: int = FEWEST,
) -> Difference:
    """An own share against the national one, with Newcombe's interval.

    Raises:
        ZeroDivisionError: the national base is 0.
        ValueError: a count is not between 0 and its base, or the confidence not between 0 and 1.
    """
    national = measures.share(national_count, national_base)
    if not base:
        return Difference(None, national, None, None, None, TOO_FEW)
    own = measures.share(count, base)
    low, high = newcombe_interval(count, base, national_count, national_base, confidence)
    found = verdict(low, high, base, fewest, WIDEST)
    return Difference(own, national, own - national, low, high, found)


def newcombe_interval(
    count: float,
    base: float,
    other_count: float,
    other_base: float,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Low and high end of the interval of the difference between two independent shares.

    With shares p₁ and p₂, d = p₁ - p₂, and l and u the ends of Wilson's interval of each:
    d - sqrt((p₁ - l₁)² + (u₂ - p₂)²) to d + sqrt((u₁ - p₁)² + (p₂ - l₂)²), without correction
    for continuity (Newcombe's method 10). It never leaves -1 to 1.

    Raises:
        ZeroDivisionError: a base is 0.
        ValueError: a count is not between 0 and its base, or the confidence not between 0 and 1.
    """
    share, other = measures.share(count, base), measures.share(other_count, other_base)
    low, high = measures.wilson_interval(count, base, confidence)
    other_low, other_high = measures.wilson_interval(other_count, other_base, confidence)
    difference = share - other
    return (
        difference - ((share - low) ** 2 + (other_high - other) ** 2) ** 0.5,
        difference + ((high - share) ** 2 + (other - other_low) ** 2) ** 0.5,
    )


def balances(  # noqa: PLR0913 - three counts, those of the nation, and how to judge them
    more: float,
    fewer: float,
    base: float,
    national: Outcome,
    *,
    confidence: float = CONFIDENCE,
    fewest: int = FEWEST_FOR_BALANCE,
) -> Difference:
    """An own net balance against the national one, by the normal approximation.

    The surveys are independent, so the variances of their balances add up: the interval is the
    difference plus and minus z sqrt(SE₁² + SE₂²).

    Args:
        more: own respondents who expect more.
        fewer: own respondents who expect fewer or none.
        base: own respondents who answered.
        national: what the national ones answered.
        confidence: of the interval.
        fewest: own answers below which the verdict is `TOO_FEW`.

    Raises:
        ZeroDivisionError: nobody answered the national survey.
        ValueError: a count is negative, more people expect something than answered, or the
            confidence is not between 0 and 1.
    """
    if min(more, fewer) < 0 or more + fewer > base:
        raise ValueError(f"{more:g} and {fewer:g} are not counts of {base:g} who answered")
    theirs = measures.net_balance(national.more, national.fewer, national.total)
    if not base:
        return Difference(None, theirs, None, None, None, TOO_FEW)
    ours = measures.net_balance(more, fewer, base)
    errors = (
        measures.net_balance_error(more, fewer, base),
        measures.net_balance_error(national.more, national.fewer, national.total),
    )
    margin = measures.critical_value(confidence) * math.hypot(*errors)
    low, high = ours - theirs - margin, ours - theirs + margin
    found = verdict(low, high, base, fewest, WIDEST_FOR_BALANCE)
    return Difference(ours, theirs, ours - theirs, low, high, found)


def verdict(low: float, high: float, base: float, fewest: float, widest: float) -> str:
    """What an interval of a difference says, in plain words.

    With fewer than `fewest` own answers `TOO_FEW`; else `HIGHER` or `LOWER` where the interval
    lies wholly above or below 0; else `NO_CLEAR_DIFFERENCE`, but `TOO_FEW` where the interval is
    wider than `widest`: so wide, it would hide a difference that matters.
    """
    if base < fewest:
        return TOO_FEW
    if low > 0:
        return HIGHER
    if high < 0:
        return LOWER
    return TOO_FEW if high - low > widest else NO_CLEAR_DIFFERENCE
