"""What the tables of a pack say about each other, beyond types, keys and references.

Each check raises an `EvidenceError` that names file, row and column of the first fault. The tables
hold at least one row each, typed, with keys and references in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.evidence import measures
from commissioning.evidence.tabular import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commissioning.evidence.tabular import Record


def check(tables: Mapping[str, Sequence[Record]]) -> None:
    """Every check, in the order in which one relies on another.

    Args:
        tables: the pack's records by the name of their resource.

    Raises:
        EvidenceError: naming file, row and column, at the first fault found.
    """
    check_options(tables["questions"], tables["options"])
    check_printed_percentages(tables["questions"], tables["options"])
    check_outlooks(tables)
    check_expenditure(tables["expenditure"])
    check_claims(tables)


def check_options(questions: Sequence[Record], options: Sequence[Record]) -> None:
    """A single or multiple question has options; the outlook question has provider types."""
    asked = {row.values["question"] for row in options}
    for row in questions:
        question, kind = row.values["question"], row.values["kind"]
        if (kind == "outlook") == (question in asked):
            has = "has options" if question in asked else "has no options"
            raise row.fault("kind", f"question {question} is of kind {kind} and {has}.")


def check_printed_percentages(questions: Sequence[Record], options: Sequence[Record]) -> None:
    """Each printed percentage is its count over the question's published base, to one place."""
    bases = {row.values["question"]: row.values["published_base"] for row in questions}
    for row in options:
        count, base = row.values["count"], bases[row.values["question"]]
        if count > base:
            raise row.fault("count", f"{count} is more than the {base} who answered.")
        if not measures.rounds_to(100 * count / base, row.values["printed_percent"], 0.1):
            raise row.fault(
                "printed_percent",
                f"{row.values['printed_percent']} does not follow from the count: "
                f"{count} of {base} is {100 * count / base:.1f}.",
            )


def check_outlooks(tables: Mapping[str, Sequence[Record]]) -> None:
    """There is one outlook question, and every provider type has a count for every outlook."""
    kinds = [row for row in tables["questions"] if row.values["kind"] == "outlook"]
    if len(kinds) != 1:
        row = kinds[-1] if kinds else tables["questions"][-1]
        raise row.fault("kind", f"{len(kinds)} questions are of kind outlook; it must be one.")
    base = kinds[0].values["published_base"]
    found = {
        (row.values["provider"], row.values["outlook"]): row.values["count"]
        for row in tables["shift"]
    }
    for provider in tables["providers"]:
        name, total = provider.values["provider"], 0
        for outlook in tables["outlooks"]:
            pair = (name, outlook.values["outlook"])
            if pair not in found:
                raise tables["shift"][-1].fault(
                    "outlook", f"no row for provider {name} and outlook {pair[1]} up to here."
                )
            total += found[pair]
        if not 0 < total <= base:
            last = [row for row in tables["shift"] if row.values["provider"] == name][-1]
            raise last.fault(
                "count", f"the counts of provider {name} add up to {total}, not to 1 to {base}."
            )


def check_expenditure(components: Sequence[Record]) -> None:
    """The calculation's three components are there, with the signs that the formula gives them."""
    signs = {"procurement": 1, "contractors": -1, "employees": 1}
    for row in components:
        if row.values["sign"] != signs.pop(row.values["item"]):
            raise row.fault("sign", f"{row.values['sign']} is not the sign of this component.")
        if row.values["item"] == "procurement" and not row.values["amount"]:
            raise row.fault("amount", "is 0, and the contractors' share divides by procurement.")
    if signs:
        raise components[-1].fault("item", f"no row for {', '.join(signs)} up to here.")


def check_claims(tables: Mapping[str, Sequence[Record]]) -> None:
    """A claim names the question and the subject that its measure needs."""
    questions = {row.values["question"]: row.values for row in tables["questions"]}
    options = {(row.values["question"], row.values["option"]) for row in tables["options"]}
    providers = {row.values["provider"] for row in tables["providers"]}
    for row in tables["claims"]:
        measure, question, subject = (row.values[n] for n in ("measure", "question", "subject"))
        if measure == "non-external":
            continue
        if question is None:
            raise row.fault("question", f"is empty; the measure '{measure}' needs one.")
        if measure == "respondents" and questions[question]["answered"] is None:
            raise row.fault("question", f"nobody is counted as answering question {question}.")
        if measure == "option share" and (question, subject) not in options:
            raise row.fault(
                "subject", f"{quoted(subject)} is not an option of question {question}."
            )
        if measure in ("more share", "fewer per more") and (
            questions[question]["kind"] != "outlook" or subject not in providers
        ):
            raise row.fault("subject", f"question {question} has no provider {quoted(subject)}.")
        if measure == "fewer per more" and not _expects_more(tables, subject):
            raise row.fault("subject", f"nobody expects more of {subject}: there is no ratio.")


def _expects_more(tables: Mapping[str, Sequence[Record]], provider: str) -> bool:
    directions = {row.values["outlook"]: row.values["direction"] for row in tables["outlooks"]}
    return any(
        row.values["count"] > 0
        and row.values["provider"] == provider
        and directions[row.values["outlook"]] == "more"
        for row in tables["shift"]
    )
