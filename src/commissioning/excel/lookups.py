"""The evidence as the functions look it up: by any name, with every measure worked out once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from commissioning.cells import NOT_AVAILABLE
from commissioning.evidence import claims, expenditure, measures
from commissioning.excel.registry import Refusal, one_of
from commissioning.excel.values import key, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commissioning.cells import Value
    from commissioning.evidence.claims import Result
    from commissioning.evidence.pack import Evidence, Outcome, Question

#: Confidence of intervals where none is given.
CONFIDENCE = 0.95

#: Measures of a row of figures, by their names.
Measures = dict[str, "Value"]

T = TypeVar("T")


class Names(Generic[T]):
    """Things that go by several names; the first name of each is the one that help shows."""

    def __init__(self, what: str, things: Sequence[tuple[Sequence[str], T]]) -> None:
        """Hold the things with their names; `what` they are is for the reason of a refusal."""
        self.what = what
        self.first = [names[0] for names, _ in things]
        self.things = [thing for _, thing in things]
        self._by_key = {key(name): thing for names, thing in reversed(things) for name in names}

    def __getitem__(self, name: str) -> T:
        """The thing of that name, however it is spaced or capitalised.

        Raises:
            Refusal: there is none.
        """
        try:
            return self._by_key[key(name)]
        except KeyError:
            raise Refusal(
                NOT_AVAILABLE, f"{self.what} {shown(name)} is not known; use {one_of(self.first)}."
            ) from None


def measure(names: Names[str], figures: Measures, name: str) -> Value:
    """One measure of a row of figures.

    Raises:
        Refusal: there is no such measure, or this row does not have it.
    """
    wanted = names[name]
    if figures.get(wanted) is None:
        raise Refusal(NOT_AVAILABLE, f"there is no {wanted} for this one.")
    return figures[wanted]


def _aliases(code: str, label: str, aliases: str | None) -> list[str]:
    return [code, label, *(aliases.split("|") if aliases else ())]


def named(*names: str) -> list[tuple[list[str], str]]:
    """Things that are their own first name; other names follow after bars."""
    return [((each := name.split("|")), each[0]) for name in names]


_BALANCES = (
    "more",
    "fewer",
    "no change|same",
    "net balance|net|balance",
    "margin|margin of net balance",
    "weighted balance|weighted",
    "diffusion index|diffusion",
    "ratio|fewer per more",
    "expecting more",
    "expecting fewer",
    "total|row total|answered",
)
BALANCE_MEASURES = Names("measure", named(*_BALANCES))
BASES = Names("base", named("as published|published", "row total|row|total"))
SURVEY_MEASURES = Names(
    "measure",
    named(
        "share",
        "count",
        "as printed|printed",
        "low",
        "high",
        "base",
        "answered",
        "skipped",
        "respondents",
    ),
)
CLAIM_FIELDS = Names(
    "field",
    named(
        "worked out|value|figure",
        "printed",
        "working",
        "base",
        "on row total",
        "verdict",
        "statement|claim",
        "where",
    ),
)
RECOMMENDATION_FIELDS = Names(
    "field",
    named("title", "actions|number of actions", "acting body|who acts|body", "where"),
)
BOUNDS = Names("bound", named("low|lower", "high|upper"))


class Lookups:
    """Everything the functions answer from, worked out once for an evidence pack."""

    def __init__(self, evidence: Evidence) -> None:
        """Work everything out."""
        self.evidence = evidence
        self.providers = Names(
            "provider",
            [
                (_aliases(p.provider, p.label, p.aliases), evidence.outcomes[p.provider])
                for p in evidence.providers
            ],
        )
        counts = [f"count {outlook.short}" for outlook in evidence.outlooks]
        self.shift_measures = Names("measure", named(*_BALANCES, *counts))
        self.shift = {
            provider: {
                "as published": _shift(outcome, evidence.outlook_question.published_base, evidence),
                "row total": _shift(outcome, outcome.total, evidence),
            }
            for provider, outcome in evidence.outcomes.items()
        }
        self.questions = Names(
            "question",
            [([q.question, q.sheet, q.topic], q) for q in evidence.questions],
        )
        self.options = {q.question: self._options(q) for q in evidence.questions}
        self.expenditure = _expenditure(evidence)
        self.claims = Names(
            "claim",
            [
                ([r.claim.claim, r.claim.statement, r.claim.subject or r.claim.claim], _claim(r))
                for r in claims.work_out_all(evidence)
            ],
        )
        self.recommendations = Names(
            "recommendation",
            [
                ([str(r.recommendation), r.title], _recommendation(evidence, r.recommendation))
                for r in evidence.recommendations
            ],
        )

    def _options(self, question: Question) -> Names[Measures]:
        """The options of a question, each with its figures; providers for the outlook question."""
        if question.kind == "outlook":
            printed = {
                claim.subject: claim.value
                for claim in self.evidence.claims
                if claim.measure == "more share"
            }
            rows = [
                (_aliases(p.provider, p.label, p.aliases), p.provider, p.label)
                for p in self.evidence.providers
            ]
            return Names(
                "provider",
                [
                    (
                        names,
                        _option(
                            question,
                            label,
                            self.evidence.outcomes[code].more,
                            printed.get(code),
                        ),
                    )
                    for names, code, label in rows
                ],
            )
        return Names(
            "answer",
            [
                (
                    _aliases(o.option, o.label, o.aliases),
                    _option(question, o.label, o.count, round(o.printed_percent / 100, 3)),
                )
                for o in self.evidence.options_of(question.question)
            ],
        )


@cache
def lookups() -> Lookups:
    """The lookups of the shipped evidence; the first call works everything out."""
    # Excel waits for the import of the functions when it starts, for this with the first formula.
    from commissioning.evidence.pack import load

    return Lookups(load())


def balance_measures(
    counts: Sequence[float], directions: Sequence[str], weights: Sequence[float], base: float
) -> Measures:
    """Every measure of a row of answers about the outlook, shares and balances on the base.

    Raises:
        ZeroDivisionError: the base is 0.
    """
    more, fewer, same = (
        sum(count for count, each in zip(counts, directions, strict=True) if each == direction)
        for direction in ("more", "fewer", "same")
    )
    error = measures.net_balance_error(more, fewer, base)
    total = sum(counts)
    return {
        "more": measures.share(more, base),
        "fewer": measures.share(fewer, base),
        "no change": measures.share(same, base),
        "net balance": measures.net_balance(more, fewer, base),
        "margin": measures.critical_value(CONFIDENCE) * error,
        "weighted balance": measures.weighted_balance(counts, weights) * total / base,
        "diffusion index": measures.diffusion_index(more, same, base),
        "ratio": measures.fewer_per_more(more, fewer) if more else None,
        "expecting more": more,
        "expecting fewer": fewer,
        "total": total,
    }


def _shift(outcome: Outcome, base: int, evidence: Evidence) -> Measures:
    outlooks = evidence.outlooks
    counts = [outcome.counts[outlook.outlook] for outlook in outlooks]
    found = balance_measures(
        counts, [o.direction for o in outlooks], [o.weight for o in outlooks], base
    )
    found |= {f"count {o.short}": n for o, n in zip(outlooks, counts, strict=True)}
    return found


def _option(question: Question, label: str, count: int, printed: float | None) -> Measures:
    base = question.published_base
    low, high = measures.wilson_interval(count, base, CONFIDENCE)
    return {
        "answer": label,
        "share": measures.share(count, base),
        "count": count,
        "as printed": printed,
        "low": low,
        "high": high,
        **question_measures(question),
    }


def question_measures(question: Question) -> Measures:
    """What a question has without regard to its options; None for what is not printed."""
    counts = (question.answered, question.skipped)
    printed = [count for count in counts if count is not None]
    return {
        "base": question.published_base,
        "answered": question.answered,
        "skipped": question.skipped,
        "respondents": sum(printed) if printed else None,
    }


def _expenditure(evidence: Evidence) -> Names[tuple[str, float]]:
    items = [
        (_aliases(c.item, c.label, c.aliases), (c.label, c.amount)) for c in evidence.expenditure
    ]
    amounts = {
        item: evidence.component(item).amount
        for item in ("procurement", "contractors", "employees")
    }
    procurement, contractors, employees = amounts.values()
    items += [
        (
            ["non-external", "total non-external", "total"],
            (
                "Total non-external expenditure",
                expenditure.non_external(procurement, contractors, employees),
            ),
        ),
        (
            ["contractors-share", "contractors share of procurement"],
            (
                "Share of procurement that external contractors deliver",
                expenditure.contractors_share(procurement, contractors),
            ),
        ),
    ]
    return Names("item", items)


def _claim(result: Result) -> Measures:
    base = f"{result.base} ({result.base_status})" if result.base is not None else None
    return {
        "worked out": result.value,
        "printed": result.claim.printed,
        "working": result.working,
        "base": base,
        "on row total": result.on_row_total,
        "verdict": result.verdict,
        "statement": result.claim.statement,
        "where": result.claim.where,
    }


def _recommendation(evidence: Evidence, recommendation: int) -> Measures:
    found = next(r for r in evidence.recommendations if r.recommendation == recommendation)
    actions = [a for a in evidence.actions if a.recommendation == recommendation]
    return {
        "title": found.title,
        "actions": len(actions),
        "acting body": ", ".join(dict.fromkeys(a.body for a in actions)) or "Nobody named",
        "where": found.where,
    }


def divisions(evidence: Evidence) -> Mapping[str, float]:
    """The scenario's default division between provider types outside the council, by code.

    Raises:
        ZeroDivisionError: none of them has a positive net balance.
    """
    external = [p.provider for p in evidence.providers if p.external]
    outcomes = [evidence.outcomes[provider] for provider in external]
    balances = [measures.net_balance(o.more, o.fewer, o.total) for o in outcomes]
    return dict(zip(external, expenditure.division(balances), strict=True))
