"""Every headline claim of the press release, worked out again from the published tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import fixed
from commissioning.evidence import expenditure, measures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commissioning.evidence.pack import Claim, Evidence, Question

HOLDS = "Holds"
HOLDS_INFERRED = "Holds on inferred base only"
FAILS = "Does not hold"


class Result(NamedTuple):
    """A claim worked out again.

    Attributes:
        claim: the claim as declared in the evidence.
        value: the figure worked out, in the claim's unit (shares as fractions).
        working: the sum, in figures.
        base: the base of a share, in respondents; None where there is none.
        base_status: whether that base is printed in the source or inferred.
        on_row_total: the same share on the row total, where the base is inferred.
        verdict: `HOLDS`, `HOLDS_INFERRED` or `FAILS`.
    """

    claim: Claim
    value: float
    working: str
    base: int | None = None
    base_status: str | None = None
    on_row_total: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the claim holds; on an inferred base it must hold on the row total too."""
        return verdict(self.claim, self.value, self.on_row_total)


def holds(claim: Claim, value: float) -> bool:
    """Whether a figure bears out the printed one."""
    if claim.relation == "more than":
        return value > claim.value
    return measures.rounds_to(value, claim.value, claim.rounding)


def verdict(claim: Claim, value: float, on_row_total: float | None) -> str:
    """The verdict on a claim from the figure on the published base and on the row total."""
    if not holds(claim, value):
        return FAILS
    if on_row_total is not None and not holds(claim, on_row_total):
        return HOLDS_INFERRED
    return HOLDS


def work_out(evidence: Evidence, claim: Claim) -> Result:
    """Work out one claim again by the measure that its declaration names."""
    return _MEASURES[claim.measure](evidence, claim)


def work_out_all(evidence: Evidence) -> list[Result]:
    """Work out every claim again, in the order of the evidence."""
    return [work_out(evidence, claim) for claim in evidence.claims]


def _question(evidence: Evidence, claim: Claim) -> Question:
    assert claim.question is not None  # noqa: S101 - the loader has checked it
    return evidence.question(claim.question)


def _respondents(evidence: Evidence, claim: Claim) -> Result:
    question = _question(evidence, claim)
    answered, skipped = question.answered or 0, question.skipped or 0
    return Result(claim, answered + skipped, f"{answered} + {skipped}")


def _option_share(evidence: Evidence, claim: Claim) -> Result:
    question = _question(evidence, claim)
    options = {option.option: option for option in evidence.options_of(question.question)}
    count, base = options[claim.subject or ""].count, question.published_base
    value = measures.share(count, base)
    return Result(claim, value, f"{count} / {base}", base, question.base_status)


def _more_share(evidence: Evidence, claim: Claim) -> Result:
    question, outcome = evidence.outlook_question, evidence.outcomes[claim.subject or ""]
    base = question.published_base
    inferred = question.base_status == "inferred"
    return Result(
        claim,
        measures.share(outcome.more, base),
        f"{outcome.more} / {base}",
        base,
        question.base_status,
        measures.share(outcome.more, outcome.total) if inferred else None,
    )


def _fewer_per_more(evidence: Evidence, claim: Claim) -> Result:
    outcome = evidence.outcomes[claim.subject or ""]
    value = measures.fewer_per_more(outcome.more, outcome.fewer)
    return Result(claim, value, f"{outcome.fewer} / {outcome.more}")


def _non_external(evidence: Evidence, claim: Claim) -> Result:
    amounts = [
        evidence.component(item).amount for item in ("procurement", "contractors", "employees")
    ]
    working = "{} - {} + {}".format(*(fixed(amount, 3) for amount in amounts))
    return Result(claim, expenditure.non_external(*amounts), working)


_MEASURES: Mapping[str, Callable[[Evidence, Claim], Result]] = {
    "respondents": _respondents,
    "option share": _option_share,
    "more share": _more_share,
    "fewer per more": _fewer_per_more,
    "non-external": _non_external,
}
