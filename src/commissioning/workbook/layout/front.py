"""The first sheets: cover, summary with charts, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning import __version__
from commissioning.evidence import claims
from commissioning.workbook.book import is_number, percent_text, signed_text
from commissioning.workbook.grid import (
    DATE,
    DECIMAL,
    POINTS,
    SHARE,
    TEXT,
    WHOLE,
    Cell,
    Column,
    Formula,
    Kind,
    Line,
    Sheet,
    Table,
    Value,
)
from commissioning.workbook.layout import checks, tracker
from commissioning.workbook.layout.charts import (
    PROGRESS,
    SHIFT,
    options_chart,
    outlook_chart,
    progress_chart,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from commissioning.evidence.pack import Evidence, Question
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: Shown until the officer gives the council's name.
NO_COUNCIL = "Your council"


class Choices(NamedTuple):
    """What an officer can set when the workbook is made."""

    council: str
    financial_year: str
    as_at: dt.date


class Setting(NamedTuple):
    """A single input: the workbook-wide name of its cell, its value at first, and what it does."""

    name: str
    label: str
    value: Value
    kind: Kind
    unit: str
    effect: str
    source: str


def _settings(choices: Choices) -> tuple[Setting, ...]:
    return (
        Setting(
            "Council", "Council", choices.council, TEXT, "Name", "Stands on the cover", "Officer"
        ),
        Setting(
            "FinancialYear",
            "Financial year",
            choices.financial_year,
            TEXT,
            "Year",
            "Year of the council's own figures",
            "Officer",
        ),
        Setting(
            "AsAt",
            "As at",
            choices.as_at,
            DATE,
            "Date",
            "Date at which the tracker's RAG is worked out",
            "Officer; the day the workbook was made unless another was given",
        ),
        Setting(
            "Confidence",
            "Confidence of intervals",
            0.95,
            SHARE,
            "Share",
            "Confidence of the survey's intervals and margins",
            "Convention",
        ),
        Setting(
            "Population",
            "Number of councils",
            353,
            WHOLE,
            "Councils",
            "Councils that could have answered, for the finite intervals",
            "Principal councils in England in 2011",
        ),
        Setting(
            "Recommissioned",
            "Share recommissioned",
            0.1,
            SHARE,
            "Share",
            "Part of non-external spending that the scenario moves",
            "Illustration: choose your own",
        ),
        Setting(
            "WarningDays",
            "Days of warning",
            30,
            WHOLE,
            "Days",
            "An action due within so many days is amber",
            "Convention: choose your own",
        ),
    )


def settings(choices: Choices) -> Sheet:
    """Every single input, in one table."""
    columns = (
        Column("Setting", width=40),
        Column("Value input", width=26, input=True),
        Column("Unit", width=14),
        Column("What it does", width=64),
        Column("Source", width=40),
    )
    declared = _settings(choices)
    rows: list[Contents] = [
        {
            "Setting": setting.label,
            "Value input": Cell(setting.value, setting.kind),
            "Unit": setting.unit,
            "What it does": setting.effect,
            "Source": setting.source,
        }
        for setting in declared
    ]
    names = {setting.name: (setting.label, "Value input") for setting in declared}
    return Sheet(
        "Settings",
        "Settings",
        "Council, year, dates and the assumptions behind intervals and scenario",
        "Council",
        Table("Settings", "Setting", columns, rows, names),
        (Line("Change the values in the column headed input; every sheet follows."),),
        task="Set name, year and date",
    )


HOW_TO_USE = (
    "1  Set the council's name, the year and the As at date on Settings.",
    "2  Read what the survey of 2011 found on Summary; every figure leads back to its table.",
    "3  Type the council's own spending on Council expenditure and see it beside the nation's.",
    "4  Keep owners, dates and statuses up to date on Actions; Progress follows.",
    "5  Before you pass the workbook on, see that every check on Checks passes.",
)


def cover(evidence: Evidence, others: Sequence[Sheet]) -> Sheet:
    """The first sheet: whose workbook it is, how to use it and what is in it."""
    columns = (
        Column("Sheet", width=26),
        Column("What it shows", width=82),
        Column("What you do there", width=26),
    )
    rows: list[Contents] = [
        {
            "Sheet": Cell(sheet.name, link=sheet.name),
            "What it shows": sheet.purpose,
            "What you do there": sheet.task,
        }
        for sheet in others
    ]
    whose = Formula(
        'Council&", "&FinancialYear',
        lambda _, b: f"{b.named('Council')}, {b.named('FinancialYear')}",
    )
    return Sheet(
        "Cover",
        "Strategic commissioning workbook",
        "Contents",
        "Front",
        Table("Contents", "Sheet", columns, rows),
        (
            Line(whose, "Localis subtitle"),
            Line(
                "Decide what residents need and choose, whoever provides it: the published "
                "evidence, the council's own figures and a tracker of actions."
            ),
            Line(checks.STATE, "Localis state", link="Checks", tones={"All": "good", "": "bad"}),
            Line("How to use this workbook", "Localis heading"),
            *(Line(step) for step in HOW_TO_USE),
            Line("What is in it", "Localis heading"),
            Line(
                f"Made by Localis for Excel {__version__} from evidence pack {evidence.name} "
                f"{evidence.version}. Works without add-ins, macros or a network.",
            ),
        ),
        one_page=True,
    )


class Headline(NamedTuple):
    """A row of the summary: a figure, the sentence that states it, and the sheet it is from."""

    name: str
    figure: Formula
    kind: Kind
    finding: Formula
    sheet: str


def summary(evidence: Evidence) -> Sheet:
    """Headline figures and charts."""
    columns = (
        Column("Headline", width=36),
        Column("Figure", width=13),
        Column("Finding", width=84),
        Column("More on sheet", width=22),
    )
    asked = [question for question in evidence.questions if question.kind != "outlook"]
    headlines = [
        *(_largest(question) for question in asked),
        _gainers(),
        _extreme("Most expected to gain", "MAX", evidence),
        _extreme("Most expected to lose", "MIN", evidence),
        _national(evidence),
        _claims(),
        _council(),
        _progress(),
        _overdue(),
    ]
    rows: list[Contents] = [
        {
            "Headline": headline.name,
            "Figure": Cell(headline.figure, headline.kind),
            "Finding": headline.finding,
            "More on sheet": Cell(headline.sheet, link=headline.sheet),
        }
        for headline in headlines
    ]
    table = Table("Headlines", "Headline", columns, rows)
    first = len(rows) + 6
    return Sheet(
        "Summary",
        "Summary",
        "Headline figures of the survey, the money and the tracker, with charts",
        "Front",
        table,
        (
            Line("Each figure is worked out from its own sheet and follows every change there."),
            Line(
                "The findings of the survey are those of the evidence pack; the last three rows "
                "are the council's own."
            ),
        ),
        (
            outlook_chart(evidence, (first, 0), (18.5, 10)),
            options_chart(asked[0], (first, 19), (14.3, 10)),
            progress_chart((first + 21, 0), (33.3, 10)),
        ),
        one_page=True,
    )


def _largest(question: Question) -> Headline:
    """The answer that most respondents gave to a question."""
    table = question.sheet
    place = f"MATCH(MAX({table}[Count]),{table}[Count],0)"
    answer, count, base, share = (
        f"INDEX({table}[{heading}],{place})" for heading in ("Answer", "Count", "Base", "Share")
    )

    def row(book: Book) -> Row:
        return max(book.rows(table), key=lambda each: each.number("Count"))

    def finding(_: Row, book: Book) -> str:
        top = row(book)
        return (
            f"{top['Answer']}: {top['Count']} of {top['Base']} councils answering, "
            f"{percent_text(top.number('Share'))}"
        )

    return Headline(
        question.topic,
        Formula(share, lambda _, book: row(book)["Share"]),
        SHARE,
        Formula(
            f'{answer}&": "&{count}&" of "&{base}&" councils answering, "&TEXT({share},"0.0%")',
            finding,
        ),
        table,
    )


def _gainers() -> Headline:
    """How many provider types are expected to gain, and which to lose most."""
    lowest = "INDEX(Balance[Provider type],MATCH(MIN(Balance[Net balance]),Balance[Net balance],0))"

    def gaining(book: Book) -> int:
        return sum(balance > 0 for balance in book.numbers("Balance", "Net balance"))

    def finding(_: Row, book: Book) -> str:
        rows = book.rows("Balance")
        least = min(rows, key=lambda each: each.number("Net balance"))
        return (
            f"{gaining(book)} of {len(rows)} types of provider are expected to gain; "
            f"lowest balance: {least['Provider type']}"
        )

    gain = 'COUNTIF(Balance[Net balance],">0")'
    return Headline(
        SHIFT,
        Formula(gain, lambda _, book: gaining(book)),
        WHOLE,
        Formula(
            f'{gain}&" of "&ROWS(Balance[Code])&" types of provider are expected to gain; '
            f'lowest balance: "&{lowest}',
            finding,
        ),
        "Balance",
    )


def _extreme(name: str, function: str, evidence: Evidence) -> Headline:
    """The provider type with the highest or lowest net balance."""
    place = f"MATCH({function}(Balance[Net balance]),Balance[Net balance],0)"
    provider, more, fewer = (
        f"INDEX(Balance[{heading}],{place})" for heading in ("Provider type", "More", "Fewer")
    )
    choose = max if function == "MAX" else min

    def row(book: Book) -> Row:
        return choose(book.rows("Balance"), key=lambda each: each.number("Net balance"))

    def finding(_: Row, book: Book) -> str:
        found = row(book)
        return (
            f"{found['Provider type']}: {found['More']} councils expect more and "
            f"{found['Fewer']} fewer, net balance {signed_text(found.number('Net balance'))}"
        )

    return Headline(
        name,
        Formula(f"{function}(Balance[Net balance])", lambda _, book: row(book)["Net balance"]),
        POINTS,
        Formula(
            f'{provider}&": "&{more}&" councils expect more and "&{fewer}&" fewer, net balance "'
            f'&TEXT({function}(Balance[Net balance]),"+0.0%;-0.0%;0.0%")',
            finding,
        ),
        evidence.outlook_question.sheet,
    )


def _national(evidence: Evidence) -> Headline:
    year = evidence.expenditure[0].year

    def finding(_: Row, book: Book) -> str:
        share = book.named("NationalContractorsShare")
        assert is_number(share)  # noqa: S101 - a quotient of two published amounts
        return (
            f"In £bn, {year}, over and above the {percent_text(share)} of procurement that "
            "contractors already deliver"
        )

    return Headline(
        "National non-external expenditure",
        Formula("NationalNonExternal", lambda _, book: book.named("NationalNonExternal")),
        DECIMAL,
        Formula(
            f'"In £bn, {year}, over and above the "&TEXT(NationalContractorsShare,"0.0%")'
            '&" of procurement that contractors already deliver"',
            finding,
        ),
        "National expenditure",
    )


def _claims() -> Headline:
    def held(book: Book) -> int:
        return sum(verdict != claims.FAILS for verdict in book.column("Claims", "Verdict"))

    def finding(_: Row, book: Book) -> str:
        verdicts = book.column("Claims", "Verdict")
        inferred = sum(verdict == claims.HOLDS_INFERRED for verdict in verdicts)
        return (
            f"Of {len(verdicts)} published claims {held(book)} hold, {inferred} of them only on a "
            "base that is inferred"
        )

    failed = f'COUNTIF(Claims[Verdict],"{claims.FAILS}")'
    return Headline(
        "Claims that hold",
        Formula(f"ROWS(Claims[Verdict])-{failed}", lambda _, book: held(book)),
        WHOLE,
        Formula(
            f'"Of "&ROWS(Claims[Verdict])&" published claims "&(ROWS(Claims[Verdict])-{failed})'
            f'&" hold, "&COUNTIF(Claims[Verdict],"{claims.HOLDS_INFERRED}")'
            '&" of them only on a base that is inferred"',
            finding,
        ),
        "Claims",
    )


def _council() -> Headline:
    def finding(_: Row, book: Book) -> str:
        share = book.named("CouncilContractorsShare")
        if not is_number(share):
            return "Type the council's own figures on Council expenditure to see them here"
        return (
            f"In £m, {book.named('FinancialYear')}; contractors deliver {percent_text(share)} of "
            "procurement"
        )

    return Headline(
        "Council non-external expenditure",
        Formula("CouncilNonExternal", lambda _, book: book.named("CouncilNonExternal")),
        DECIMAL,
        Formula(
            'IF(ISNUMBER(CouncilContractorsShare),"In £m, "&FinancialYear&"; contractors deliver "'
            '&TEXT(CouncilContractorsShare,"0.0%")&" of procurement",'
            '"Type the council\'s own figures on Council expenditure to see them here")',
            finding,
        ),
        "Council expenditure",
    )


def _progress() -> Headline:
    def complete(book: Book) -> int:
        return sum(rating == "Complete" for rating in book.column("Actions", "RAG"))

    return Headline(
        PROGRESS,
        tracker.OVERALL,
        SHARE,
        Formula(
            'COUNTIF(Actions[RAG],"Complete")&" of "&COUNT(Actions[Progress])'
            '&" actions that count are complete"',
            lambda _, book: (
                f"{complete(book)} of {len(book.numbers('Actions', 'Progress'))} "
                "actions that count are complete"
            ),
        ),
        "Progress",
    )


def _overdue() -> Headline:
    def overdue(book: Book) -> int:
        return sum(rating == "Red: overdue" for rating in book.column("Actions", "RAG"))

    def day_text(book: Book) -> str:
        day = tracker.as_at(book)
        return f"{day:%d/%m/%Y}" if day else "no As at date"

    def undated(book: Book) -> int:
        return sum(rating == "No due date" for rating in book.column("Actions", "RAG"))

    return Headline(
        "Actions overdue",
        Formula('COUNTIF(Actions[RAG],"Red: overdue")', lambda _, book: overdue(book)),
        WHOLE,
        Formula(
            'COUNTIF(Actions[RAG],"Red: overdue")&" overdue at "'
            f'&IF({tracker.AS_AT_IS_A_DAY},TEXT(AsAt,"dd/mm/yyyy"),"no As at date")&", "'
            '&COUNTIF(Actions[RAG],"No due date")&" without a due date"',
            lambda _, book: (
                f"{overdue(book)} overdue at {day_text(book)}, {undated(book)} without a due date"
            ),
        ),
        "Actions",
    )
