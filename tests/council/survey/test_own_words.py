"""What a column asks, and what an answer says, where a council asked in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import exports
import pytest
from exports import ASKED, EVIDENCE, OPTIONS, OUTLOOKS, PROVIDERS

from commissioning.council.survey import survey
from commissioning.council.survey.answers import Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.council.survey.found import Reading

VOCABULARY = Vocabulary(EVIDENCE)


def read(folder: Path, rows: list[list[str]]) -> tuple[dict[tuple[str, ...], int], Reading]:
    found = survey.read([exports.write_csv(folder / "own.csv", rows)], EVIDENCE)
    [reading] = found.readings
    return {key: count for key, count in found.counts.items() if count}, reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In-house council teams", "in-house"),
        ("Our own in-house services", "in-house"),
        ("The council's in-house teams", "in-house"),
        ("Charities, voluntary and community groups", "VCS"),
        ("Other parts of the public sector", "other-public"),
        ("Schools", None),
        ("In-house and voluntary", None),
    ],
)
def test_a_type_of_provider_is_known_by_the_name_that_stands_in_its_own(
    text: str, expected: str | None
) -> None:
    assert VOCABULARY.providers.near(text) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("a", "A fairly even mix of in-house and outsourced", "mix"),
        ("a", "A mix of in-house and outsourced", "mix"),
        ("a", "In-house and outsourced", None),
        ("a", "Through a trust", None),
        ("c", "Commissioning skills", "commissioning"),
        ("c", "Procurement skills", "procurement"),
        ("c", "Commissioning and procurement skills", None),
        ("c", "Contract managers", None),
        ("c", "Other skills and comments", None),
    ],
)
def test_an_option_is_known_by_the_name_that_stands_in_other_words(
    question: str, text: str, expected: str | None
) -> None:
    assert VOCABULARY.options[question].near(text) == expected


def test_an_option_in_other_words_counts_where_it_stands_often_and_the_column_says_so(
    tmp_path: Path,
) -> None:
    mix = "A fairly even mix of in-house and outsourced"
    rows = [[ASKED["a"]], *[[mix]] * 3, ["Mainly in-house"]]
    counts, reading = read(tmp_path, rows)
    assert counts == {("a",): 4, ("a", "mix"): 3, ("a", "in-house"): 1}
    assert reading.unread == []
    assert f"'{mix}' is taken for mix" in reading.columns[0].reason


def test_what_may_be_an_option_or_a_respondents_own_words_counts_for_neither(
    tmp_path: Path,
) -> None:
    mix = "A fairly even mix of in-house and outsourced"
    counts, reading = read(tmp_path, [[ASKED["a"]], [mix], *[["Mainly in-house"]] * 3])
    assert counts == {("a",): 3, ("a", "in-house"): 3}
    assert [(each.row, each.text) for each in reading.unread] == [(2, mix)]


def test_the_rest_of_an_option_after_its_comma_is_no_answer_of_its_own(tmp_path: Path) -> None:
    none = "None, we have what we need"
    rows = [[ASKED["c"]], [none], [none], ["More commissioning experts, Data people"]]
    counts, reading = read(tmp_path, rows)
    assert counts == {
        ("c",): 3,
        ("c", "none"): 2,
        ("c", "commissioning"): 1,
        ("c", "other"): 1,
    }
    assert [each.text for each in reading.typed] == ["Data people"]


def test_y_and_n_are_yes_and_no(tmp_path: Path) -> None:
    counts, _ = read(tmp_path, [[ASKED["b"]], ["Y"], ["N"], ["Y"]])
    assert counts == {("b",): 3, ("b", "yes"): 2, ("b", "no"): 1}


@pytest.mark.parametrize("mark", ["✓", "☑", "X", "1", "Ticked", "Selected"])
def test_any_usual_mark_is_a_tick(tmp_path: Path, mark: str) -> None:
    above = [ASKED["c"], *[""] * 4]
    rows = [above, list(OPTIONS["c"].values()), ["", mark, mark, "", ""], ["", mark, "", "", ""]]
    counts, _ = read(tmp_path, rows)
    assert counts == {("c",): 2, ("c", "commissioning"): 2, ("c", "procurement"): 1}


@pytest.mark.parametrize("typed_heading", ["Other (please specify):", "Other - Text"])
def test_other_and_what_was_typed_then_are_one_answer_in_two_columns(
    tmp_path: Path, typed_heading: str
) -> None:
    rows = [
        [ASKED["c"], *[""] * 5],
        [*OPTIONS["c"].values(), typed_heading],
        ["", "1", "", "", "1", "Data analysts"],
        ["", "1", "", "", "", ""],
        ["", "", "", "", "1", "Lawyers"],
    ]
    counts, _ = read(tmp_path, rows)
    assert counts == {("c",): 3, ("c", "commissioning"): 2, ("c", "other"): 2}


def test_outlooks_under_a_name_that_is_not_understood_are_reported(tmp_path: Path) -> None:
    names = [*PROVIDERS.values(), "Town and parish councils"]
    rows = [[f"{ASKED['d']} [{name}]" for name in names], [*list(OUTLOOKS.values()), "No change"]]
    counts, reading = read(tmp_path, rows)
    assert sum(counts.values()) == len(PROVIDERS)
    [unread] = reading.unread
    assert "Town and parish councils" in unread.text
    assert "do not count" in unread.reason


def test_ticks_under_an_option_that_is_not_understood_are_reported(tmp_path: Path) -> None:
    options = [*list(OPTIONS["c"].values())[:4], "Contract managers"]
    rows = [[ASKED["c"], *[""] * 4], options, ["", "1", "", "", "1"], ["", "", "1", "", "1"]]
    counts, reading = read(tmp_path, rows)
    assert counts == {("c",): 2, ("c", "commissioning"): 1, ("c", "procurement"): 1}
    assert ["Contract managers" in each.text for each in reading.unread] == [True]


def test_in_house_above_ticks_is_an_option_and_no_type_of_provider(tmp_path: Path) -> None:
    rows = [
        ["Current service delivery", "", "Future role of providers", ""],
        ["In-house", "Outsourced", "In-house", "Large private"],
        ["1", "0", "Fewer contracts", "More contracts"],
        ["0", "1", "No change", "More contracts"],
    ]
    counts, _ = read(tmp_path, rows)
    assert counts["a", "in-house"] == 1
    assert counts["d", "in-house", "fewer"] == 1


def test_two_outlooks_ticked_for_one_type_of_provider_count_for_nothing(tmp_path: Path) -> None:
    large = PROVIDERS["large"]
    rows = [
        [f"{large} - {outlook}" for outlook in OUTLOOKS.values()],
        ["0", "0", "0", "1", "0"],
        ["0", "1", "0", "1", "0"],
    ]
    counts, reading = read(tmp_path, rows)
    assert counts == {("d", "large", "more"): 1}
    assert [(each.row, each.text) for each in reading.unread] == [(3, "fewer, more")]


def test_a_heading_that_sounds_like_an_answer_is_no_respondent(tmp_path: Path) -> None:
    counts, _ = read(
        tmp_path,
        [
            ["Will the council play a greater role as a commissioner?", "New skills required"],
            ["Yes", "More commissioning experts"],
            ["No", "More procurement experts"],
            ["Yes", ""],
        ],
    )
    assert counts == {
        ("b",): 3,
        ("b", "yes"): 2,
        ("b", "no"): 1,
        ("c",): 2,
        ("c", "commissioning"): 1,
        ("c", "procurement"): 1,
    }
