"""The summary: headline figures with what each says, and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import is_number
from commissioning.workbook.book import percent_text, sound
from commissioning.workbook.grid import (
    BILLIONS,
    DECIMAL,
    SHARE,
    WHOLE,
    Cell,
    Column,
    Formula,
    Kind,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout import tracker
from commissioning.workbook.layout.charts import (
    PROGRESS,
    SHIFT,
    options_chart,
    outlook_chart,
    progress_chart,
)
from commissioning.workbook.layout.lines import SPEND
from commissioning.workbook.layout.market import OF_UNKNOWN_SIZE, of_unknown_size
from commissioning.workbook.layout.spend import TYPE

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.evidence.pack import Claim, Evidence, Question
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


#: Stands on Summary while the council's own figures are missing or incomplete.
NO_COUNCIL_FIGURES = "Shown once Council expenditure is filled in and its checks pass"

#: Stands on Summary where no payment is to a company of which the files say that it is small.
NOT_KNOWN = "Size not known"

#: Stands on Summary while there is no As at date.
NO_DAY = "an As at date still to be set"


class Headline(NamedTuple):
    """A row of the summary: a figure, the sentence that states it, and the sheet it is from."""

    name: str
    figure: Formula
    kind: Kind
    unit: str
    finding: Formula
    sheet: str


def summary(evidence: Evidence) -> Sheet:
    """Headline figures and charts."""
    columns = (
        Column("Headline", width=46),
        Column("Figure", width=14),
        Column("Unit", width=14),
        Column("Finding", width=74),
        Column("More on sheet", width=21),
    )
    asked = [question for question in evidence.questions if question.kind != "outlook"]
    headlines = [
        *(_largest(question) for question in asked),
        _gainers(),
        *map(_claim, evidence.claims),
        _council(),
        _own_market("SME"),
        _own_contracts(),
        _progress(),
        _overdue(),
    ]
    rows: list[Contents] = [
        {
            "Headline": headline.name,
            "Figure": Cell(headline.figure, headline.kind),
            "Unit": headline.unit,
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
                "The findings of the survey are those of the evidence pack; the last five rows "
                "are the council's own."
            ),
        ),
        (
            outlook_chart(evidence, (first, 0), (20, 9)),
            options_chart(evidence, asked[0], (first, 20.5), (15.8, 9)),
            progress_chart((first + 19, 0), (36.3, 9)),
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
        return _first(book, table, "Count", max(book.numbers(table, "Count"), default=0))

    def finding(_: Row, book: Book) -> str:
        top = row(book)
        return (
            f"{top.text('Answer')}: {top.text('Count')} of {top.text('Base')} respondents, "
            f"{percent_text(top['Share'])}"
        )

    return Headline(
        question.topic,
        Formula(share, lambda _, book: row(book)["Share"]),
        SHARE,
        "Share",
        Formula(
            f'{answer}&": "&{count}&" of "&{base}&" respondents, "&TEXT({share},"0.0%")',
            finding,
        ),
        table,
    )


def _first(book: Book, table: str, heading: str, wanted: float) -> Row:
    """The first row with a number.

    Raises:
        KeyError: there is none.
    """
    for row in book.rows(table):
        if is_number(value := row[heading]) and value == wanted:
            return row
    raise KeyError(wanted)


def _gainers() -> Headline:
    """How many provider types are expected to gain, and which to lose most."""
    lowest = "INDEX(Balance[Provider type],MATCH(MIN(Balance[Net balance]),Balance[Net balance],0))"

    def gaining(book: Book) -> int:
        return sum(balance > 0 for balance in book.only_numbers("Balance", "Net balance"))

    def finding(_: Row, book: Book) -> str:
        lowest = min(book.numbers("Balance", "Net balance"), default=0)
        least = _first(book, "Balance", "Net balance", lowest)
        return (
            f"{gaining(book)} of {len(book.rows('Balance'))} types of provider are expected to "
            f"gain work; expected to lose most: {least.text('Provider type')}"
        )

    gain = 'COUNTIF(Balance[Net balance],">0")'
    return Headline(
        SHIFT,
        Formula(gain, lambda _, book: gaining(book)),
        WHOLE,
        "Provider types",
        Formula(
            f'{gain}&" of "&ROWS(Balance[Code])&" types of provider are expected to gain work; '
            f'expected to lose most: "&{lowest}',
            finding,
        ),
        "Net balance",
    )


_UNITS: dict[str, tuple[str, Kind]] = {
    "people": ("Respondents", WHOLE),
    "share": ("Share", SHARE),
    "ratio": ("Ratio", DECIMAL),
    "£bn": ("£bn", BILLIONS),
}


def _claim(claim: Claim) -> Headline:
    """A published claim: the figure worked out again, beside the printed one."""

    def cell(heading: str) -> str:
        return f'INDEX(Claims[{heading}],MATCH("{claim.claim}",Claims[Claim],0))'

    def finding(_: Row, book: Book) -> str:
        row = book.find("Claims", claim.claim)
        printed, working, verdict = map(row.text, ("Printed", "Working", "Verdict"))
        return f"Printed: {printed}; worked out from {working}: {verdict}"

    unit, kind = _UNITS[claim.unit]
    return Headline(
        claim.statement,
        Formula(
            cell("Worked out"),
            lambda _, book: book.find("Claims", claim.claim)["Worked out"],
            f'LOCALIS_CLAIM("{claim.claim}")',
        ),
        kind,
        unit,
        Formula(
            f'"Printed: "&{cell("Printed")}&"; worked out from "&{cell("Working")}&": "'
            f"&{cell('Verdict')}",
            finding,
        ),
        "Claims",
    )


def _council() -> Headline:
    def finding(_: Row, book: Book) -> str:
        share = book.named("CouncilContractorsShare")
        if not is_number(share):
            return NO_COUNCIL_FIGURES
        return (
            f"{book.named_text('FinancialYear')}: contractors deliver "
            f"{percent_text(share)} of procurement"
        )

    return Headline(
        "Council non-external expenditure",
        Formula("CouncilNonExternal", lambda _, book: book.named("CouncilNonExternal")),
        DECIMAL,
        "£m",
        Formula(
            'IF(ISNUMBER(CouncilContractorsShare),FinancialYear&": contractors deliver "'
            '&TEXT(CouncilContractorsShare,"0.0%")&" of procurement",'
            f'"{NO_COUNCIL_FIGURES}")',
            finding,
        ),
        "Council expenditure",
    )


def _own_market(provider: str) -> Headline:
    """What a type of provider has of the council's own spending."""

    def cell(heading: str) -> str:
        return f'INDEX(Market[{heading}],MATCH("{provider}",Market[{TYPE}],0))'

    def held(book: Book, heading: str) -> Value:
        return book.find("Market", provider)[heading]

    def share(_: Row, book: Book) -> Value:
        # Where no file says which companies are small, none of it being so is no finding.
        if sound(held(book, SPEND)) == 0 and of_unknown_size(book) > 0:
            return NOT_KNOWN
        return held(book, "Share of spend")

    return Headline(
        "Own spending with small and medium companies",
        Formula(
            f'IF(AND({cell(SPEND)}=0,{OF_UNKNOWN_SIZE}>0),"{NOT_KNOWN}",{cell("Share of spend")})',
            share,
        ),
        SHARE,
        "Share",
        Formula(cell("In words"), lambda _, book: held(book, "In words")),
        "Market",
    )


def _own_contracts() -> Headline:
    """How many of the council's own contracts end in the months ahead."""

    def cell(item: str) -> str:
        return f'INDEX(ContractResults[Contracts],MATCH("{item}",ContractResults[Item],0))'

    def count(book: Book, item: str) -> Value:
        return book.find("ContractResults", item)["Contracts"]

    def finding(_: Row, book: Book) -> str:
        ends, listed, late = (
            book.find("ContractResults", item).text("Contracts") for item in ("ends", "all", "late")
        )
        return f"{ends} of {listed} contracts end in the months ahead; value tests late: {late}"

    return Headline(
        "Own contracts that end in the months ahead",
        Formula(cell("ends"), lambda _, book: count(book, "ends")),
        WHOLE,
        "Contracts",
        Formula(
            f'{cell("ends")}&" of "&{cell("all")}&" contracts end in the months ahead; value tests '
            f'late: "&{cell("late")}',
            finding,
        ),
        "Contract results",
    )


def _progress() -> Headline:
    def complete(book: Book) -> int:
        return sum(rating == "Complete" for rating in book.column("Actions", "RAG"))

    return Headline(
        PROGRESS,
        tracker.OVERALL,
        SHARE,
        "Share",
        Formula(
            'COUNTIF(Actions[RAG],"Complete")&" of "&COUNT(Actions[Progress])'
            '&" actions counted are complete"',
            lambda _, book: (
                f"{complete(book)} of {book.count('Actions', 'Progress')} "
                "actions counted are complete"
            ),
        ),
        "Progress",
    )


def _overdue() -> Headline:
    def overdue(book: Book) -> int:
        return sum(rating == "Red: overdue" for rating in book.column("Actions", "RAG"))

    def day_text(book: Book) -> str:
        day = tracker.as_at(book)
        return f"{day:%d %b %Y}" if day else NO_DAY

    def undated(book: Book) -> int:
        return sum(rating == "No due date" for rating in book.column("Actions", "RAG"))

    return Headline(
        "Actions overdue",
        Formula('COUNTIF(Actions[RAG],"Red: overdue")', lambda _, book: overdue(book)),
        WHOLE,
        "Actions",
        Formula(
            'COUNTIF(Actions[RAG],"Red: overdue")&" overdue at "'
            f'&IF({tracker.AS_AT_IS_A_DAY},TEXT(AsAt,"dd mmm yyyy"),"{NO_DAY}")'
            '&", "&COUNTIF(Actions[RAG],"No due date")&" without a due date"',
            lambda _, book: (
                f"{overdue(book)} overdue at {day_text(book)}, {undated(book)} without a due date"
            ),
        ),
        "Actions",
    )
