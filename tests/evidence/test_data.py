from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from commissioning.evidence import pack

EVIDENCE = pack.load()
DESCRIPTOR = json.loads((pack.SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = {part["name"]: part["schema"] for part in DESCRIPTOR["resources"]}

#: Type of the schema -> type of the dataclass.
TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "date": "dt.date",
}

#: "Relevant Survey Results" a to c as printed: percentages and counts, answered, skipped.
PRINTED = {
    "a": ([(35.0, 36), (6.8, 7), (58.3, 60), (0.0, 0)], 103, 2),
    "b": ([(81.6, 84), (18.4, 19)], 103, 2),
    "c": ([(12.8, 10), (69.2, 54), (50.0, 39), (3.8, 3), (21.8, 17)], 78, 27),
}

#: "Relevant Survey Results" d as printed: from no contracts or services to many more.
PRINTED_SHIFT = {
    "large": [0, 6, 22, 55, 8],
    "SME": [0, 7, 14, 67, 3],
    "in-house": [1, 80, 6, 5, 0],
    "other-public": [1, 5, 9, 68, 7],
    "VCS": [0, 7, 8, 65, 11],
}

#: Figures of the text and its second footnote.
PRINTED_CLAIMS = {
    "respondents": (100, "over 100"),
    "greater-role": (0.8, "4 in 5"),
    "non-external": (65, "approximately £65bn"),
    "non-external-exact": (64.767, "£64.767bn"),
    "in-house": (16, "16"),
    "voluntary": (0.82, "82%"),
    "shared": (0.81, "81%"),
    "SMEs": (0.75, "75%"),
    "large": (0.68, "68%"),
}

#: Recommendation -> number of its actions, numbered from 01. Officers' workbooks hold these ids:
#: one that is gone breaks theirs, a new one goes to the end of its recommendation.
ACTIONS = {1: 5, 2: 6, 3: 8, 4: 3, 5: 2, 6: 4, 7: 3, 8: 2, 9: 6}


@pytest.mark.parametrize("name", pack.ROWS)
def test_a_row_class_has_the_fields_of_its_schema_in_order(name: str) -> None:
    declared = [
        (
            field["name"],
            TYPES[field["type"]]
            + ("" if field.get("constraints", {}).get("required") else " | None"),
        )
        for field in SCHEMAS[name]["fields"]
    ]
    assert [
        (field, annotation.__forward_arg__)
        for field, annotation in pack.ROWS[name].__annotations__.items()
    ] == declared


def test_the_package_declares_the_tables_that_are_read_and_no_others() -> None:
    assert set(SCHEMAS) == set(pack.ROWS)
    assert {path.stem for path in pack.SHIPPED.glob("*.csv")} == set(pack.ROWS)


@pytest.mark.parametrize("name", [name for name in pack.ROWS if name != "sources"])
def test_every_row_says_where_in_the_source_it_stands(name: str) -> None:
    part = r"(Notes for Editors \d|Paragraph \d|Footnote \d|Quotation \d|List of recommendations)"
    places = [row.where for row in getattr(EVIDENCE, name)]
    assert [place for place in places if not re.match(part, place)] == []


def test_every_source_has_a_link() -> None:
    assert [source.source for source in EVIDENCE.sources if not source.link] == []


@pytest.mark.parametrize("code", PRINTED)
def test_options_are_those_of_the_press_release_zero_rows_too(code: str) -> None:
    printed, answered, skipped = PRINTED[code]
    question = EVIDENCE.question(code)
    found = [(option.printed_percent, option.count) for option in EVIDENCE.options_of(code)]
    assert found == printed
    assert (question.answered, question.skipped) == (answered, skipped)
    assert (question.published_base, question.base_status) == (answered, "printed")


def test_one_question_allows_several_answers_and_one_asks_for_an_outlook() -> None:
    assert [question.kind for question in EVIDENCE.questions] == [
        "single",
        "single",
        "multiple",
        "outlook",
    ]
    assert sum(option.count for option in EVIDENCE.options_of("c")) == 123


def test_single_questions_add_up_to_who_answered() -> None:
    for code in ("a", "b"):
        counts = [option.count for option in EVIDENCE.options_of(code)]
        assert sum(counts) == EVIDENCE.question(code).answered


def test_the_shift_is_that_of_the_press_release() -> None:
    found = {name: list(row.counts.values()) for name, row in EVIDENCE.outcomes.items()}
    assert found == PRINTED_SHIFT


def test_no_base_is_printed_for_the_shift_and_93_is_marked_as_inferred() -> None:
    question = EVIDENCE.outlook_question
    assert (question.answered, question.skipped) == (None, None)
    assert (question.published_base, question.base_status) == (93, "inferred")


def test_outlooks_run_from_none_to_many_with_the_weights_of_the_bank_of_england() -> None:
    weights = [outlook.weight for outlook in EVIDENCE.outlooks]
    directions = [outlook.direction for outlook in EVIDENCE.outlooks]
    assert weights == [-1, -0.5, 0, 0.5, 1]
    assert directions == ["fewer", "fewer", "same", "more", "more"]


def test_only_in_house_delivery_is_not_external() -> None:
    internal = [provider.provider for provider in EVIDENCE.providers if not provider.external]
    assert internal == ["in-house"]


@pytest.mark.parametrize("provider", EVIDENCE.providers, ids=lambda provider: provider.provider)
def test_a_name_of_a_provider_type_means_no_other(provider: pack.Provider) -> None:
    def names(one: pack.Provider) -> set[str]:
        aliases = (one.aliases or "").split("|")
        return {name.casefold() for name in (one.provider, one.label, *aliases) if name}

    others = [other for other in EVIDENCE.providers if other != provider]
    assert [other.provider for other in others if names(other) & names(provider)] == []


@pytest.mark.parametrize("claim", EVIDENCE.claims, ids=lambda claim: claim.claim)
def test_a_claim_is_the_figure_of_the_press_release(claim: pack.Claim) -> None:
    assert (claim.value, claim.printed) == PRINTED_CLAIMS[claim.claim]


def test_no_claim_is_left_out() -> None:
    assert len(EVIDENCE.claims) == len(PRINTED_CLAIMS)


def test_expenditure_is_that_of_the_second_footnote() -> None:
    found = [(c.item, c.sign, c.amount, c.unit, c.year) for c in EVIDENCE.expenditure]
    assert found == [
        ("procurement", 1, 62.040, "£bn", "2009-10"),
        ("contractors", -1, 27.364, "£bn", "2009-10"),
        ("employees", 1, 30.091, "£bn", "2009-10"),
    ]
    assert {(c.source_table, c.page) for c in EVIDENCE.expenditure} == {("3.4a", 82)}


def test_ids_of_actions_are_stable() -> None:
    pinned = [f"R{r}-{n:02}" for r, last in ACTIONS.items() for n in range(1, last + 1)]
    assert [action.action for action in EVIDENCE.actions] == pinned


def test_nine_recommendations_have_actions_that_carry_their_number() -> None:
    numbers = [recommendation.recommendation for recommendation in EVIDENCE.recommendations]
    assert numbers == list(range(1, 10))
    assert {action.recommendation for action in EVIDENCE.actions} == set(numbers)
    for action in EVIDENCE.actions:
        assert action.action.startswith(f"R{action.recommendation}-")


def test_four_recommendations_are_highlighted_in_the_text() -> None:
    highlighted = [r.recommendation for r in EVIDENCE.recommendations if r.highlighted]
    assert highlighted == [2, 3, 4, 5]


def test_everybody_quoted_is_listed_once() -> None:
    sectors = Counter(endorsement.sector for endorsement in EVIDENCE.endorsements)
    assert sectors == {
        "Parliament": 1,
        "Central government": 1,
        "Local government": 3,
        "Voluntary": 1,
        "Think tank": 1,
        "Private": 1,
    }


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Every run of so many words in a row."""
    found = words(text)
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


#: Every run of eight words of the press release, which is not ours to publish, as the first 12
#: digits of its SHA-256.
COPIED = set((Path(__file__).parent / "press_release_runs.txt").read_text("ascii").split())


def hashed(run: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:12]


def test_no_more_than_seven_words_in_a_row_are_copied_from_the_press_release() -> None:
    """Wording is our own; titles of recommendations and names of roles are facts."""
    ours = [
        *(action.task for action in EVIDENCE.actions),
        *(question.asked for question in EVIDENCE.questions),
        *(claim.statement for claim in EVIDENCE.claims),
        *(option.label for option in EVIDENCE.options),
        *(note.text for note in EVIDENCE.notes),
    ]
    assert len(COPIED) > 1_000
    assert [text for text in ours if COPIED & set(map(hashed, runs(text, 8)))] == []


def test_a_copied_run_would_be_found() -> None:
    """A definition that the press release quotes from elsewhere, in its own words."""
    copied = (
        "the process of identifying needs within the population and developing policy direction"
    )
    assert COPIED & set(map(hashed, runs(copied, 8)))
