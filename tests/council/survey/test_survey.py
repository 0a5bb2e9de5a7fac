from __future__ import annotations

import dataclasses
import json
import random
import re
from typing import TYPE_CHECKING, Any

import exports
import pytest
from exports import ASKED, EVIDENCE, OPTIONS, OUTLOOKS, PERSONAL, PROVIDERS, Person
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commissioning.council.survey import survey
from commissioning.council.survey.answers import Vocabulary
from commissioning.errors import LocalisError
from running import Ran, Run, runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from commissioning.council.survey.found import Key

VOCABULARY = Vocabulary(EVIDENCE)

#: One folder for all examples of a property: each writes its file anew.
lenient = settings(
    max_examples=settings().max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(capsys)


def made_up(count: int, seed: int = 1) -> list[Person]:
    """So many made-up respondents who skip a question now and then."""
    choose = random.Random(seed)  # noqa: S311 - no secrets
    return [
        Person(
            choose.choice([None, *OPTIONS["a"]]),
            choose.choice([None, *OPTIONS["b"]]),
            frozenset(option for option in OPTIONS["c"] if choose.random() < 0.4),
            tuple(choose.choice([None, *OUTLOOKS]) for _ in PROVIDERS),
        )
        for _ in range(count)
    ]


def read(path: Path, columns: str | None = None) -> survey.Survey:
    return survey.read([path], EVIDENCE, columns)


def counts(path: Path) -> dict[Key, int]:
    return {key: count for key, count in read(path).counts.items() if count}


def table(path: Path, *rows: Sequence[str]) -> Path:
    return exports.write_csv(path, [list(row) for row in rows])


@pytest.mark.parametrize("form", [*exports.RESPONSES, *exports.READY])
@given(persons=exports.everybody)
@lenient
def test_every_form_of_an_export_gives_the_same_counts(
    form: Callable[[Sequence[Person]], exports.Table], persons: list[Person], tmp_path: Path
) -> None:
    path = exports.write_csv(tmp_path / "export.csv", form(persons))
    assert counts(path) == dict(exports.counted(persons))


@pytest.mark.parametrize("form", [*exports.RESPONSES, *exports.READY])
def test_a_workbook_and_tables_of_text_give_the_same_counts(
    form: Callable[[Sequence[Person]], exports.Table], tmp_path: Path
) -> None:
    rows, expected = form(made_up(40)), dict(exports.counted(made_up(40)))
    assert counts(exports.write_workbook(tmp_path / "a.xlsx", {"Sheet1": rows})) == expected
    for delimiter, encoding in ((";", "cp1252"), ("\t", "utf-16"), (",", "utf-8")):
        path = exports.write_csv(tmp_path / "a.csv", rows, delimiter, encoding)
        assert counts(path) == expected


@pytest.mark.parametrize("form", [exports.microsoft, exports.google])
@given(data=st.data(), persons=exports.everybody)
@lenient
def test_the_order_of_the_columns_changes_nothing(
    form: Callable[[Sequence[Person]], exports.Table],
    data: st.DataObject,
    persons: list[Person],
    tmp_path: Path,
) -> None:
    rows = form(persons)
    order = data.draw(st.permutations(range(len(rows[0]))))
    path = exports.write_csv(tmp_path / "export.csv", [[row[at] for at in order] for row in rows])
    assert counts(path) == dict(exports.counted(persons))


@given(persons=exports.everybody, typed=st.sampled_from(["Data analysts", "Law, and data people"]))
@example(persons=[Person("mix", None, frozenset(["none"]), (None,) * 5)], typed="Data analysts")
@lenient
def test_what_respondents_typed_counts_as_other_and_is_listed_with_its_row(
    persons: list[Person], typed: str, tmp_path: Path
) -> None:
    persons = [*persons, Person("mix", "yes", frozenset(["delivery", "other"]), (None,) * 5)]
    for form, separator in ((exports.microsoft, ";"), (exports.google, ", ")):
        rows = form(persons)
        at = rows[0].index(ASKED["c"])
        rows[-1][at] = separator.join([OPTIONS["c"]["delivery"], typed])
        found = read(exports.write_csv(tmp_path / "export.csv", rows))
        assert found.counts == exports.counted(persons)
        assert [(each.row, each.question, each.text) for each in found.readings[0].typed] == [
            (len(rows), "c", typed)
        ]
        assert found.readings[0].unread == []


def test_what_was_typed_into_a_column_of_its_own_counts_as_other(tmp_path: Path) -> None:
    path = table(
        tmp_path / "export.csv",
        ["Respondent ID", ASKED["a"], "", ASKED["c"], ""],
        ["", "Response", "Other (please specify)", "More procurement experts", "Other (please"],
        ["1", "Mainly in-house", "since 1974", "More procurement experts", "Data people"],
        ["2", "", "With the county", "", "Lawyers"],
    )
    assert counts(path) == {
        ("a",): 2,
        ("a", "in-house"): 1,
        ("a", "other"): 1,
        ("c",): 2,
        ("c", "procurement"): 1,
        ("c", "other"): 2,
    }


def test_a_text_in_many_rows_is_an_option_in_other_words_and_counts_for_nothing(
    tmp_path: Path,
) -> None:
    answers = ["Mainly outsourced"] * 3 + ["Bought in from the county"] * 3
    path = table(tmp_path / "export.csv", [ASKED["a"]], *([answer] for answer in answers))
    found = read(path)
    assert found.counts == {("a",): 3, ("a", "outsourced"): 3}
    assert [each.row for each in found.readings[0].unread] == [5, 6, 7]


@pytest.mark.parametrize(
    ("question", "answer"), [("a", "Don't know"), ("b", "Perhaps"), ("a", "3"), ("c", "Not sure")]
)
def test_no_answer_to_the_question_is_listed_with_its_row_and_stays_out_of_the_base(
    question: str, answer: str, tmp_path: Path
) -> None:
    known = next(iter(OPTIONS[question].items()))
    path = table(tmp_path / "export.csv", [ASKED[question]], [known[1]], [answer], [known[1]])
    found = read(path)
    assert found.counts == {(question,): 2, (question, known[0]): 2}
    (unread,) = found.readings[0].unread
    assert unread[:4] == ("export.csv, row 3", 3, question, answer)


@pytest.mark.parametrize("skipped", ["", "N/A", "-", "Not answered", "  "])
def test_a_question_that_was_skipped_is_neither_answer_nor_fault(
    skipped: str, tmp_path: Path
) -> None:
    path = table(tmp_path / "export.csv", ["ID", ASKED["b"]], ["1", "Yes"], ["2", skipped])
    found = read(path)
    assert found.counts == {("b",): 1, ("b", "yes"): 1}
    assert found.readings[0].unread == []
    assert len(found.readings[0].answers or ()) == 2


def test_two_ticks_where_one_was_asked_for_count_for_nothing(tmp_path: Path) -> None:
    path = table(
        tmp_path / "export.csv",
        [ASKED["a"], "", ""],
        ["Mainly in-house", "Mainly outsourced", "Fairly even mix"],
        ["x", "x", ""],
        ["", "x", ""],
    )
    found = read(path)
    assert found.counts == {("a",): 1, ("a", "outsourced"): 1}
    assert found.readings[0].unread[0].row == 3


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("a", "Mostly in house", "in-house"),
        ("a", "2. MAINLY  OUTSOURCED.", "outsourced"),
        ("a", "A fairly even mix of both", "mix"),
        ("a", "Mainly outsorced", "outsourced"),
        ("a", "Mainly", None),
        ("b", "Yes, within two years", "yes"),
        ("b", "No \u2013 never", "no"),
        ("b", "Yes and no", None),
        ("c", "More comissioning expertise", "commissioning"),
        ("c", "More comissioning experts", "commissioning"),
        ("c", "We have the right mix of skills already", "none"),
        ("c", "More experts", None),
        ("c", "Other: data analysts", "other"),
        ("d", "Much more contracts", "many"),
        ("d", "A lot more services", "many"),
        ("d", "more services", "more"),
        ("d", "Many fewer", None),
        ("d", "No change in contracts", "same"),
        ("d", "Stay about the same", "same"),
        ("d", "no contracts at all", "none"),
        ("d", "No", None),
        ("d", "4", None),
    ],
)
def test_wording_may_differ_a_little_but_nothing_is_guessed(
    question: str, text: str, expected: str | None
) -> None:
    names = VOCABULARY.outlooks if question == "d" else VOCABULARY.options[question]
    assert names.find(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Large firms", "large"),
        ("SMEs (small and medium enterprises)", "SME"),
        ("In house", "in-house"),
        ("Public sector (in-house)", "in-house"),
        ("Other public sector bodies", "other-public"),
        ("Voluntary sector", "VCS"),
        ("Private sector", None),
        ("Public sector", None),
        ("Companies", None),
        ("Email", None),
    ],
)
def test_a_type_of_provider_is_not_guessed_either(text: str, expected: str | None) -> None:
    assert VOCABULARY.providers.find(text) == expected


def test_a_name_of_the_evidence_means_itself() -> None:
    for option in EVIDENCE.options:
        for text in (option.option, option.label, *(option.aliases or "").split("|")):
            assert VOCABULARY.options[option.question].find(text or "other") == option.option or (
                not text
            )
    for provider in EVIDENCE.providers:
        for text in (provider.provider, provider.label, *(provider.aliases or "x").split("|")):
            assert VOCABULARY.providers.find(text) == provider.provider or text == "x"
    for outlook in EVIDENCE.outlooks:
        for text in (outlook.outlook, outlook.label, outlook.short):
            assert VOCABULARY.outlooks.find(text) == outlook.outlook


@given(text=st.text(max_size=40))
def test_any_text_can_be_looked_for(text: str) -> None:
    assert VOCABULARY.options["a"].find(text) in (None, *OPTIONS["a"])
    pieces = VOCABULARY.pieces("c", text)
    letters = re.sub(r"[\s;,|]", "", text)
    assert re.sub(r"[\s;,|]", "", "".join(pieces)) == letters


def test_yes_and_no_to_another_question_are_not_taken_for_the_surveys(tmp_path: Path) -> None:
    path = table(
        tmp_path / "export.csv",
        ["Are you a member?", ASKED["b"], "Has a greater role been discussed?"],
        ["No", "Yes", "No"],
        ["No", "Yes", "Yes"],
    )
    assert counts(path) == {("b",): 2, ("b", "yes"): 2}


def test_a_title_above_the_headings_is_no_heading(tmp_path: Path) -> None:
    path = table(
        tmp_path / "export.csv",
        ["Survey of members on a greater commissioning role"],
        ["ID", "Are you a member?", ASKED["b"]],
        ["1", "Yes", "No"],
        ["2", "Yes", "Yes"],
    )
    found = read(path)
    assert found.counts == {("b",): 2, ("b", "yes"): 1, ("b", "no"): 1}
    assert found.readings[0].unused == ['"ID"', '"Are you a member?"']


def test_a_comment_on_a_question_is_not_taken_for_it(tmp_path: Path) -> None:
    comment = "Why will the council take a greater role as a strategic commissioner or not?"
    path = table(
        tmp_path / "export.csv",
        [comment, "Will the council take a greater commissioning role?"],
        ["Cuts, says jo.bloggs@madeup.gov.uk", "Yes"],
        ["No need", "No"],
    )
    found = read(path)
    assert found.counts == {("b",): 2, ("b", "yes"): 1, ("b", "no"): 1}
    assert found.readings[0].unread == []


def test_a_column_that_is_chosen_with_columns_wins(tmp_path: Path) -> None:
    path = table(
        tmp_path / "export.csv",
        ["Delivery now", "Delivery in 2030", "Theirs"],
        ["Mainly in-house", "Mainly outsourced", "More"],
        ["Mainly in-house", "Fairly even mix", "Fewer"],
    )
    with pytest.raises(LocalisError, match=r'"Delivery now" and "Delivery in 2030".*--columns a=A'):
        read(path)
    expected = {("a",): 2, ("a", "outsourced"): 1, ("a", "mix"): 1}
    assert read(path, 'a="delivery in 2030"').counts == expected
    assert read(path, "a=B").counts == expected
    shift = {("d", "VCS", "more"): 1, ("d", "VCS", "fewer"): 1}
    assert read(path, "a=B,vcs=Theirs").counts == expected | shift
    with pytest.raises(LocalisError, match=r"row 1 has no column 'Then' .*\"Delivery now\""):
        read(path, "a=Then")
    with pytest.raises(LocalisError, match="'e' is no field"):
        read(path, "e=Then")


def test_waves_add_up(tmp_path: Path) -> None:
    first, second = made_up(20, seed=1), made_up(30, seed=2)
    paths = [
        exports.write_csv(tmp_path / "one.csv", exports.microsoft(first)),
        exports.write_workbook(tmp_path / "two.xlsx", {"Counts": exports.summary(second)}),
    ]
    found = survey.read(paths, EVIDENCE)
    assert found.counts == exports.counted(first) + exports.counted(second)
    assert found.copies == []


def test_the_same_answers_count_once_whatever_the_file_and_however_late_the_export(
    tmp_path: Path,
) -> None:
    persons = made_up(30)
    early = exports.write_csv(tmp_path / "early.csv", exports.google(persons[:20]))
    late = exports.write_workbook(tmp_path / "late.xlsx", {"R": exports.surveymonkey(persons)})
    again = exports.write_csv(tmp_path / "again.csv", exports.google(persons))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(early.read_bytes())
    found = survey.read([early, late, again, copy], EVIDENCE)
    assert found.counts == exports.counted(persons)
    assert {name for name, _ in found.copies} == {"early.csv", "again.csv", "copy.csv"}


def test_ready_counts_that_are_equal_count_once(tmp_path: Path) -> None:
    persons = made_up(30)
    paths = [
        exports.write_csv(tmp_path / "long.csv", exports.long_counts(persons)),
        exports.write_csv(tmp_path / "summary.csv", exports.summary(persons)),
    ]
    found = survey.read(paths, EVIDENCE)
    assert found.counts == exports.counted(persons)
    assert found.copies == [("summary.csv", "long.csv")]


def test_respondents_who_agree_by_chance_are_not_taken_for_a_copy(tmp_path: Path) -> None:
    yes = [Person(None, "yes", frozenset(), (None,) * 5)]
    paths = [
        exports.write_csv(tmp_path / "one.csv", exports.microsoft(yes * 8)),
        exports.write_csv(tmp_path / "two.csv", exports.microsoft(yes * 9)),
    ]
    assert survey.read(paths, EVIDENCE).counts["b", "yes"] == 17


def test_a_workbooks_summary_does_not_count_beside_its_responses(tmp_path: Path) -> None:
    persons = made_up(12)
    sheets = {
        "About": [["Survey of members"], ["November 2026"]],
        "Summary": exports.summary(persons),
        "Responses": exports.microsoft(persons),
    }
    found = read(exports.write_workbook(tmp_path / "both.xlsx", sheets))
    assert found.counts == exports.counted(persons)
    assert [reading.sheet for reading in found.readings] == ["Responses"]


def test_ticks_without_the_number_who_answered_do_not_count(tmp_path: Path) -> None:
    rows = [
        ["Skills", "Count"],
        ["More commissioning experts", "7"],
        ["More procurement experts", "5"],
    ]
    path = table(tmp_path / "counts.csv", *rows)
    with pytest.raises(LocalisError, match=r"row 3: .*'answered question'"):
        read(path)
    assert counts(table(path, *rows, ["answered question", "9"])) == {
        ("c",): 9,
        ("c", "commissioning"): 7,
        ("c", "procurement"): 5,
    }
    for impossible in ("6", "13"):
        with pytest.raises(LocalisError, match="7 to 12"):
            read(table(path, *rows, ["answered question", impossible]))


cells = st.one_of(
    st.sampled_from(
        [
            *("", "1", "x", "Yes", "No", "12", "5%", "Count", "Response", "Total", "Other", "n"),
            *ASKED.values(),
            *OPTIONS["a"].values(),
            *OPTIONS["c"].values(),
            *PROVIDERS.values(),
            *OUTLOOKS.values(),
            *("More commissioning experts;Other;", "answered question", "None, Other, x"),
        ]
    ),
    st.text(max_size=6),
)


@given(rows=st.lists(st.lists(cells, max_size=7), max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_table_its_counts_go_together_or_it_is_refused(
    rows: list[list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "any.csv"
    text = [
        [cell.encode("utf-8", "replace").decode().replace("\0", "") for cell in row] for row in rows
    ]
    try:
        found = read(exports.write_csv(path, text))
    except LocalisError:
        return
    assert any(found.counts.values())
    for question in VOCABULARY.options:
        chosen = [found.counts[question, option] for option in OPTIONS[question]]
        base = found.counts[question,]
        if question in VOCABULARY.multiple:
            assert max(chosen) <= base <= sum(chosen)
        else:
            assert base == sum(chosen)


def test_counts_need_no_headings_but_a_number_under_other_headings_is_no_count(
    tmp_path: Path,
) -> None:
    bare = table(tmp_path / "bare.csv", ["Mainly in-house", "12"], ["Fairly even mix", "30"])
    assert counts(bare) == {("a",): 42, ("a", "in-house"): 12, ("a", "mix"): 30}
    numbered = [["Delivery", "Staff no"], ["Mainly in-house", "12"], ["Fairly even mix", "30"]]
    path = table(tmp_path / "numbered.csv", *numbered)
    assert counts(path) == {("a",): 2, ("a", "in-house"): 1, ("a", "mix"): 1}


def test_ready_counts_say_what_they_lack(tmp_path: Path) -> None:
    path = table(
        tmp_path / "counts.csv",
        ["How services are delivered", "", "Count"],
        ["Mainly in-house", "10.0%", "1"],
        ["Mainly outsourced", "90.0%", "1,009"],
        ["By magic", "0%", "4"],
        ["Mainly outsourced", "90.0%", "9"],
        ["answered question", "", "12"],
    )
    found = read(path)
    assert found.counts == {("a",): 1010, ("a", "in-house"): 1, ("a", "outsourced"): 1009}
    assert [each.row for each in found.readings[0].unread] == [4, 5, 3]


WRONG = {
    "no survey": ("Name,Colour\nMears,Red\n", "no column and no counts"),
    "payments": ("Date,Supplier,Amount\n01/04/2026,Mears,100\n", "seems to be payments, not ans"),
    "empty": ("", "is empty"),
    "headings alone": (f'ID,"{ASKED["b"]}"\n', "nobody answered"),
    "other answers": (f'"{ASKED["b"]}"\nPerhaps\nNever\n', r"row 2: 'Perhaps' is no answer"),
    "codes": (
        f'"{PROVIDERS["large"]}","{PROVIDERS["VCS"]}"\n4,5\n3,2\n',
        "no column and no counts",
    ),
    "words": ("It was a dark and stormy night.\n", "no column and no counts"),
}


@pytest.mark.parametrize(("content", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_gives_one_clear_sentence(
    content: str, reason: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "wrong.csv").write_text(content, encoding="utf-8")
    ran = run("survey", "wrong.csv")
    assert ran.code == 2
    assert ran.out == ""
    assert re.fullmatch(r"localis: wrong\.csv[^\n]+\.\n", ran.err)
    assert re.search(reason, ran.err)


def example_run(run: Run, tmp_path: Path, *arguments: str) -> Ran:
    rows = exports.microsoft(made_up(40))
    rows[3][6], rows[4][6] = "Perhaps", "Ask jo"
    exports.write_workbook(tmp_path / "own.xlsx", {"Form1": rows})
    return run("survey", "own.xlsx", *arguments)


def test_the_command_shows_decisions_counts_differences_and_verdicts(
    run: Run, tmp_path: Path
) -> None:
    ran = example_run(run, tmp_path)
    assert ran.code == 1  # two answers do not count
    assert ran.err == ""
    assert f'  b  "{ASKED["b"]}": by its heading; ' in ran.out
    assert '  not read: "ID", "Start time", "Completion time", "Email", "Name"' in ran.out
    assert "row 4, question b: 'Perhaps', not an answer to it: it does not count" in ran.out
    assert re.search(
        r"^Mainly outsourced +\d+ +[\d.]+% +6.8% +\+[\d.]+ points", ran.out, re.MULTILINE
    )
    assert re.search(
        r"^Other public sector .*(Higher|Lower|No clear|Too few)", ran.out, re.MULTILINE
    )


@pytest.mark.parametrize("form", exports.RESPONSES)
@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_no_personal_data_is_printed(
    form: Callable[[Sequence[Person]], exports.Table],
    json_too: tuple[str, ...],
    run: Run,
    tmp_path: Path,
) -> None:
    rows = form(made_up(12))
    exports.write_csv(tmp_path / "own.csv", rows)
    exports.write_csv(tmp_path / "headless.csv", rows[-11:])
    ran = run("survey", "own.csv", *json_too)
    assert ran.code == 0
    headless = run("survey", "headless.csv", *json_too)
    for personal in PERSONAL:
        assert personal not in ran.out + headless.out + headless.err


def test_the_command_prints_the_same_as_json(run: Run, tmp_path: Path) -> None:
    ran = example_run(run, tmp_path, "--json")
    found: dict[str, Any] = json.loads(ran.out)
    assert ran.code == 1
    assert found["files"][0]["respondents"] == 40
    assert [each["row"] for each in found["files"][0]["do_not_count"]] == [4, 5]
    own = exports.counted(made_up(40))
    for line in found["answers"]:
        if line["question"] != "b":
            assert line["count"] == own[line["question"], line["answer"]]
            assert line["share"]["own"] == line["count"] / line["base"]
    assert [line["provider"] for line in found["providers"]] == list(PROVIDERS)
    assert found["providers"][0]["counts"] == {o: own["d", "large", o] for o in OUTLOOKS}


def test_the_nations_own_counts_show_no_clear_difference_anywhere(run: Run, tmp_path: Path) -> None:
    rows = [["Question", "Provider", "Answer", "Count"]]
    rows += [[o.question, "", o.label, str(o.count)] for o in EVIDENCE.options]
    rows += [["c", "", "answered question", "78"]]
    rows += [["d", cell.provider, cell.outlook, str(cell.count)] for cell in EVIDENCE.shift]
    exports.write_csv(tmp_path / "nation.csv", rows)
    ran = run("survey", "nation.csv")
    assert ran.code == 0
    assert ran.out.count("No clear difference") == len(EVIDENCE.options) + 10
    assert "points" in ran.out
    assert not re.search("Higher|Lower|Too few", ran.out)


def test_an_evidence_pack_of_other_questions_is_read_by_its_own_names(tmp_path: Path) -> None:
    mild = [
        each._replace(option=f"{each.option}-x", label=f"Rather {each.label}", aliases=None)
        for each in EVIDENCE.options
    ]
    other = dataclasses.replace(EVIDENCE, options=tuple(mild))
    path = table(tmp_path / "export.csv", ["Question a"], ["Rather fairly even mix"], ["mix-x"])
    assert survey.read([path], other).counts == {("a",): 2, ("a", "mix-x"): 2}
