"""Made-up respondents, and what the form tools write for them."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from commissioning.evidence import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

EVIDENCE = pack.load()

#: The questions as they were put in 2011.
ASKED = {
    "a": "How do you currently deliver services?",
    "b": "Is your council going to take on a greater role as a strategic commissioning "
    "organisation in the short-to-medium term?",
    "c": "As it takes on a greater commissioning role, what new skills and expertise will be "
    "required in the council (if any)?",
    "d": "Based on current trends, what future role do you think the following providers will "
    "take in delivering contracts/services?",
}
OPTIONS = {
    "a": {
        "in-house": "Mainly in-house",
        "outsourced": "Mainly outsourced",
        "mix": "Fairly even mix",
        "other": "Other (please specify)",
    },
    "b": {"yes": "Yes", "no": "No"},
    "c": {
        "none": "None, we have the right skills mix already",
        "commissioning": "More commissioning experts",
        "procurement": "More procurement experts",
        "delivery": "More experience of service delivery",
        "other": "Other (please specify)",
    },
}
PROVIDERS = {
    "large": "Large private sector companies",
    "SME": "Small/medium-sized private sector companies",
    "in-house": "Public sector (in-house delivery)",
    "other-public": "Other public sector (shared services or external)",
    "VCS": "Voluntary and Community Organisations",
}
OUTLOOKS = {
    "none": "No contracts/services",
    "fewer": "Fewer contracts/services",
    "same": "No change",
    "more": "More contracts/services",
    "many": "Many more contracts/services",
}
#: Personal data, none of which may ever be printed.
PERSONAL = ("jo.bloggs@madeup.gov.uk", "Jo Bloggs", "192.0.2.1")

Table = list[list[str]]


class Person(NamedTuple):
    """What one respondent ticked; None or nothing where a question was skipped."""

    a: str | None
    b: str | None
    c: frozenset[str]
    d: tuple[str | None, ...]


people = st.builds(
    Person,
    a=st.sampled_from([None, *OPTIONS["a"]]),
    b=st.sampled_from([None, *OPTIONS["b"]]),
    c=st.frozensets(st.sampled_from(sorted(OPTIONS["c"]))),
    d=st.tuples(*[st.sampled_from([None, *OUTLOOKS])] * len(PROVIDERS)),
)
everybody = st.lists(people, min_size=1, max_size=25).filter(lambda each: bool(counted(each)))


def counted(persons: Sequence[Person]) -> Counter[tuple[str, ...]]:
    """The counts that any form of the answers must give."""
    counts: Counter[tuple[str, ...]] = Counter()
    for person in persons:
        for question, chosen in (("a", [person.a]), ("b", [person.b]), ("c", person.c)):
            ticked = [option for option in chosen if option]
            counts.update((question, option) for option in ticked)
            counts.update([(question,)] if ticked else [])
        counts.update(
            ("d", provider, outlook)
            for provider, outlook in zip(PROVIDERS, person.d, strict=True)
            if outlook
        )
    return counts


def microsoft(persons: Sequence[Person]) -> Table:
    """Microsoft Forms: answers to one question with semicolons, rows of a grid by their name."""
    heading = ["ID", "Start time", "Completion time", "Email", "Name"]
    rows = [[*heading, ASKED["a"], ASKED["b"], ASKED["c"], *PROVIDERS.values()]]
    for number, person in enumerate(persons, 1):
        skills = "".join(f"{OPTIONS['c'][option]};" for option in sorted(person.c))
        rows.append(
            [
                *(str(number), "2026-11-02 09:00:00", "2026-11-02 09:04:10", *PERSONAL[:2]),
                *(_text("a", person.a), _text("b", person.b), skills, *_grid(person)),
            ]
        )
    return rows


def google(persons: Sequence[Person]) -> Table:
    """Google Forms: answers with commas between them, "Question [Row]" for a grid."""
    grid = [f"{ASKED['d']} [{name}]" for name in PROVIDERS.values()]
    rows = [["Timestamp", "Email address", ASKED["a"], ASKED["b"], ASKED["c"], *grid]]
    for person in persons:
        skills = ", ".join(text for option, text in OPTIONS["c"].items() if option in person.c)
        rows.append(
            [
                *("02/11/2026 09:00:00", PERSONAL[0]),
                *(_text("a", person.a), _text("b", person.b), skills, *_grid(person)),
            ]
        )
    return rows


def surveymonkey(persons: Sequence[Person]) -> Table:
    """SurveyMonkey: two rows of headings, a column for each option with its text."""
    return _two_rows(persons, lambda question, option: OPTIONS[question][option], "")


def smartsurvey(persons: Sequence[Person]) -> Table:
    """Two rows of headings, a column for each option with 1 or 0."""
    return _two_rows(persons, lambda *_: "1", "0")


def crosses(persons: Sequence[Person]) -> Table:
    """The same with an x, and every question in a column for each option, below a title."""
    rows = [["Members' survey, November 2026"], []]
    above, below = ["Respondent ID", "IP Address"], ["", ""]
    for question, options in OPTIONS.items():
        above += [ASKED[question], *[""] * (len(options) - 1)]
        below += options.values()
    above += [ASKED["d"], *[""] * (len(PROVIDERS) - 1)]
    below += PROVIDERS.values()
    rows += [above, below]
    for number, person in enumerate(persons, 114_000):
        chosen = {"a": {person.a}, "b": {person.b}, "c": person.c}
        ticks = [
            "x" if option in chosen[question] else ""
            for question, options in OPTIONS.items()
            for option in options
        ]
        rows.append([str(number), PERSONAL[2], *ticks, *_grid(person)])
    return rows


def coded(persons: Sequence[Person]) -> Table:
    """One row of headings with both, as statistics packages write; answers by their codes."""
    skills = [f"c) {ASKED['c']}: {text}" for text in OPTIONS["c"].values()]
    grid = [f"d - {name}" for name in PROVIDERS.values()]
    rows = [["respondent", "Question a", "Question b", *skills, *grid]]
    for number, person in enumerate(persons, 1):
        ticks = ["Yes" if option in person.c else "No" for option in OPTIONS["c"]]
        rows.append([f"R{number}", person.a or "", person.b or "", *ticks])
        rows[-1] += [outlook or "" for outlook in person.d]
    return rows


def qualtrics(persons: Sequence[Person]) -> Table:
    """Qualtrics: codes, headings and what machines read, in three rows."""
    chosen = [f"{ASKED['c']} - Selected Choice - {text}" for text in OPTIONS["c"].values()]
    heading = ["Start Date", f"{ASKED['a']} - Selected Choice", ASKED["b"], *chosen]
    heading += [f"{ASKED['d']} - {name}" for name in PROVIDERS.values()]
    codes = ["StartDate", "Q1", "Q2", *(f"Q3_{n}" for n in range(1, 6))]
    codes += [f"Q4_{n}" for n in range(1, 6)]
    rows = [codes, heading, [f'{{"ImportId":"{code}"}}' for code in codes]]
    for person in persons:
        ticks = [text if option in person.c else "" for option, text in OPTIONS["c"].items()]
        rows.append(["2026-11-02 09:00:00", _text("a", person.a), _text("b", person.b), *ticks])
        rows[-1] += _grid(person)
    return rows


def limesurvey(persons: Sequence[Person]) -> Table:
    """LimeSurvey: "Question [Option]" over yes and no, nothing where a question was skipped."""
    skills = [f"{ASKED['c']} [{text}]" for text in OPTIONS["c"].values()]
    grid = [f"{ASKED['d']} [{name}]" for name in PROVIDERS.values()]
    rows = [["Response ID", "Date submitted", ASKED["a"], ASKED["b"], *skills, *grid]]
    for number, person in enumerate(persons, 1):
        ticks = [("Yes" if o in person.c else "No") if person.c else "" for o in OPTIONS["c"]]
        rows.append([str(number), "2026-11-02", _text("a", person.a), _text("b", person.b), *ticks])
        rows[-1] += _grid(person)
    return rows


def three_rows(persons: Sequence[Person]) -> Table:
    """A heading each for the question, the type of provider and the outlook, over ticks."""
    skills, outlooks = list(OPTIONS["c"].values()), list(OUTLOOKS.values())
    above = ["No.", ASKED["a"], ASKED["b"], ASKED["c"], *[""] * (len(skills) - 1)]
    above += [ASKED["d"], *[""] * (len(PROVIDERS) * len(outlooks) - 1)]
    middle = ["", "", "", *skills]
    middle += [text for name in PROVIDERS.values() for text in (name, *[""] * (len(outlooks) - 1))]
    below = ["", "", "", *[""] * len(skills), *outlooks * len(PROVIDERS)]
    rows = [above, middle, below]
    for number, person in enumerate(persons, 1):
        ticks = ["1" if option in person.c else "" for option in OPTIONS["c"]]
        ticks += ["1" if chosen == each else "" for chosen in person.d for each in OUTLOOKS]
        rows.append([str(number), _text("a", person.a), _text("b", person.b), *ticks])
    return rows


def long_counts(persons: Sequence[Person]) -> Table:
    """Ready counts, one a row, with the question beside each."""
    counts = counted(persons)
    rows = [["Question", "Provider", "Answer", "Count"]]
    for question, options in OPTIONS.items():
        rows += [
            [question, "", text, str(counts[question, option])] for option, text in options.items()
        ]
        rows.append([question, "", "Answered", str(counts[question,])])
    rows += [
        ["d", name, text, str(counts["d", provider, outlook])]
        for provider, name in PROVIDERS.items()
        for outlook, text in OUTLOOKS.items()
    ]
    return rows


def summary(persons: Sequence[Person]) -> Table:
    """Ready counts as the press release prints them: a table for each question, and a grid."""
    counts = counted(persons)
    rows = []
    for question, options in OPTIONS.items():
        base = counts[question,]
        rows += [[f"{question}) {ASKED[question]}"], _ANSWER_OPTIONS]
        rows += [
            [text, f"{100 * count / max(base, 1):.1f}%", f"{count:,}"]
            for option, text in options.items()
            for count in [counts[question, option]]
        ]
        rows += [["answered question", "", str(base)]]
        rows += [["skipped question", "", str(len(persons) - base)], []]
    rows += [[f"d) {ASKED['d']}"], ["Answer Options", *OUTLOOKS.values()]]
    for provider, name in PROVIDERS.items():
        rows.append([name, *(str(counts["d", provider, outlook]) for outlook in OUTLOOKS)])
    return rows


def percentages(persons: Sequence[Person]) -> Table:
    """Ready counts as SurveyMonkey prints them: each to the right of its percentage."""
    counts = counted(persons)
    rows = []
    for question, options in OPTIONS.items():
        base = counts[question,]
        rows += [[ASKED[question]], ["Answer Choices", "Responses", ""]]
        rows += [
            [text, f"{100 * counts[question, option] / max(base, 1):.2f}%", str(count)]
            for option, text in options.items()
            for count in [counts[question, option]]
        ]
        rows += [["", "Answered", str(base)], ["", "Skipped", str(len(persons) - base)], []]
    wide = [text for outlook in OUTLOOKS.values() for text in (outlook, "")]
    rows += [[ASKED["d"]], ["", *wide, "Total"]]
    for provider, name in PROVIDERS.items():
        each = [counts["d", provider, outlook] for outlook in OUTLOOKS]
        total = sum(each)
        pairs = [text for n in each for text in (f"{100 * n / max(total, 1):.2f}%", str(n))]
        rows.append([name, *pairs, str(total)])
    return rows


_ANSWER_OPTIONS = ["Answer Options", "Response Percent", "Response Count"]

RESPONSES: Sequence[Callable[[Sequence[Person]], Table]] = (
    microsoft,
    google,
    surveymonkey,
    smartsurvey,
    crosses,
    coded,
    qualtrics,
    limesurvey,
    three_rows,
)
READY: Sequence[Callable[[Sequence[Person]], Table]] = (long_counts, summary, percentages)


def write_csv(path: Path, rows: Table, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    """Write a table as text."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def write_workbook(path: Path, sheets: Mapping[str, Table]) -> Path:
    """Write tables as a workbook, whole numbers as numbers."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, text in enumerate(cells):
                    if text.isascii() and text.isdigit():
                        sheet.write_number(row, column, int(text))
                    elif text:
                        sheet.write_string(row, column, text)
    return path


def _two_rows(persons: Sequence[Person], tick: Callable[[str, str], str], no_tick: str) -> Table:
    skills, providers = list(OPTIONS["c"].values()), list(PROVIDERS.values())
    above = ["Respondent ID", "Collector ID", "Email Address", ASKED["a"], ASKED["b"], ASKED["c"]]
    above += [*[""] * (len(skills) - 1), ASKED["d"], *[""] * (len(providers) - 1)]
    rows = [above, ["", "", "", "Response", "Response", *skills, *providers]]
    for number, person in enumerate(persons, 11_400_001):
        ticks = [tick("c", o) if o in person.c else no_tick for o in OPTIONS["c"]]
        rows.append(
            [
                *(str(number), "4711", PERSONAL[0]),
                *(_text("a", person.a), _text("b", person.b), *ticks, *_grid(person)),
            ]
        )
    return rows


def _text(question: str, option: str | None) -> str:
    return OPTIONS[question][option] if option else ""


def _grid(person: Person) -> list[str]:
    return [OUTLOOKS[outlook] if outlook else "" for outlook in person.d]
