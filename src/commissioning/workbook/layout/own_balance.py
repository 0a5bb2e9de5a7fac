"""The council's own answers about each type of provider, and their balance beside the nation's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import measures
from commissioning.workbook.book import number_or_zero, percent_text, sound
from commissioning.workbook.grid import (
    POINTS,
    SHARE,
    WHOLE,
    Chart,
    Column,
    Formula,
    Kind,
    Line,
    Series,
    Sheet,
    Table,
)
from commissioning.workbook.layout.intervals import (
    CHECK_COUNTS,
    CHECK_SETTINGS,
    HIGH,
    LOW,
    NO_ANSWERS,
    critical_value,
    verdict,
    with_critical_value,
)
from commissioning.workbook.layout.notes import marker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commissioning.evidence.pack import Evidence, Outlook
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: The part of the workbook that an import of the council's own survey fills.
PART = "own survey"

SHEET, TABLE = "Own outlook", "OwnOutlook"
FEWER, SAME, MORE, TOTAL = "Fewer", "No change", "More", "Row total"
OWN, OWN_MARGIN = "Own net balance", "Own margin"
NATIONAL, NATIONAL_MARGIN = "National net balance", "National margin"
IN_WORDS = "In words"

#: Names of the settings by which a verdict on a balance is given.
FEWEST, WIDEST = "FewestForBalance", "WidestForBalance"


def _input(outlook: Outlook) -> str:
    return f"{outlook.short} input"


def _row_total(evidence: Evidence) -> Formula:
    """Everybody who answered; a count that is left out may be one still to be typed."""
    headings = [_input(outlook) for outlook in evidence.outlooks]
    listed = ",".join(f"[@{heading}]" for heading in headings)

    def value(row: Row, _: Book) -> Value:
        if not "".join(row.text(heading) for heading in headings):
            return ""
        counts = [row[heading] for heading in headings]
        found = [count for count in counts if is_number(count)]
        if len(found) < len(counts) or min(found) < 0 or max(found) <= 0:
            return CHECK_COUNTS
        return sum(found)

    return Formula(
        f'IF({listed.replace(",", "&")}="","",IF(AND(COUNT({listed})={len(headings)},'
        f'MIN({listed})>=0,MAX({listed})>0),SUM({listed}),"{CHECK_COUNTS}"))',
        value,
        f'LOCALIS_BALANCE({_counts(evidence)},"total")',
    )


def _counts(evidence: Evidence) -> str:
    """The counts of a row as a twin refers to them."""
    first, last = (_input(evidence.outlooks[end]) for end in (0, -1))
    return f"[@[{first}]:[{last}]]"


def _answered(text: str, value: Callable[[Row, Book], Value], twin: str | None = None) -> Formula:
    """A figure of a row whose counts are sound; in others the cell is empty."""
    return Formula(
        f'IF(ISNUMBER([@{TOTAL}]),{text},"")',
        lambda row, book: value(row, book) if is_number(row[TOTAL]) else "",
        twin,
    )


def _of_direction(evidence: Evidence, heading: str, direction: str, measure: str | None) -> Column:
    """A count summed over the outlooks of one direction."""
    headings = [_input(each) for each in evidence.outlooks if each.direction == direction]
    listed = ",".join(f"[@{each}]" for each in headings)
    return Column(
        heading,
        WHOLE,
        9,
        _answered(
            f"SUM({listed})" if headings else "0",
            lambda row, _: sum([n for each in headings if is_number(n := sound(row[each]))]),
            measure and f'LOCALIS_BALANCE({_counts(evidence)},"{measure}")',
        ),
    )


def _share(evidence: Evidence, heading: str, measure: str) -> Column:
    return Column(
        f"{heading} on row total",
        SHARE,
        13,
        _answered(
            f"[@{heading}]/[@{TOTAL}]",
            lambda row, _: measures.share(row.number(heading), row.number(TOTAL)),
            f'LOCALIS_BALANCE({_counts(evidence)},"{measure}")',
        ),
    )


def _margin(row: Row, book: Book) -> Value:
    critical = critical_value(book)
    if critical is None:
        return CHECK_SETTINGS
    more, fewer, base, balance = map(row.number, (MORE, FEWER, TOTAL, OWN))
    return critical * math.sqrt(abs((more + fewer) / base - balance**2) / base)


def _national(heading: str, of: str, kind: Kind, twin: str) -> Column:
    """A figure of the provider type as the sheet of the national balances has it."""
    return Column(
        heading,
        kind,
        12,
        Formula(
            f"INDEX(Balance[{of}],MATCH([@Code],Balance[Code],0))",
            lambda row, book: book.find("Balance", row["Code"])[of],
            twin,
        ),
    )


def _balance(evidence: Evidence) -> tuple[Column, ...]:
    """The council's net balance and the national one, each with its margin."""
    question = evidence.outlook_question.question

    return (
        Column(
            OWN,
            POINTS,
            12,
            _answered(
                f"([@{MORE}]-[@{FEWER}])/[@{TOTAL}]",
                lambda row, _: measures.net_balance(*map(row.number, (MORE, FEWER, TOTAL))),
                _compared(evidence, "own balance"),
            ),
        ),
        Column(
            OWN_MARGIN,
            SHARE,
            12,
            _answered(
                with_critical_value(
                    f"NORMSINV((1+Confidence)/2)*SQRT(ABS(([@{MORE}]+[@{FEWER}])/[@{TOTAL}]"
                    f"-[@{OWN}]^2)/[@{TOTAL}])"
                ),
                _margin,
                f'LOCALIS_BALANCE({_counts(evidence)},"margin")',
            ),
        ),
        _national(
            NATIONAL,
            "Net balance",
            POINTS,
            f'LOCALIS_COMPARE("{question}",[@Code],1,1,"national balance",Confidence,0)',
        ),
        _national(NATIONAL_MARGIN, "Margin", SHARE, 'LOCALIS_SHIFT([@Code],"margin")'),
    )


def _compared(evidence: Evidence, measure: str) -> str:
    return (
        f'LOCALIS_COMPARE("{evidence.outlook_question.question}",[@Code],[@{MORE}],[@{TOTAL}],'
        f'"{measure}",Confidence,[@{FEWER}])'
    )


def _difference(row: Row, _: Book) -> Value:
    own, national = row[OWN], row[NATIONAL]
    return own - national if is_number(own) and is_number(national) else ""


def _end(evidence: Evidence, heading: str, sign: int) -> Column:
    """One end of the interval of the difference: the variances of the two surveys add up."""
    needed = ("Difference", OWN_MARGIN, NATIONAL_MARGIN)

    def value(row: Row, _: Book) -> Value:
        if not all(is_number(row[each]) for each in needed):
            return ""
        difference, own, national = map(row.number, needed)
        return difference + sign * math.hypot(own, national)

    return Column(
        heading,
        POINTS,
        11,
        Formula(
            f"IF(COUNT([@Difference],[@{OWN_MARGIN}],[@{NATIONAL_MARGIN}])=3,[@Difference]"
            f'{"-" if sign < 0 else "+"}SQRT([@{OWN_MARGIN}]^2+[@{NATIONAL_MARGIN}]^2),"")',
            value,
            _compared(evidence, f"balance {heading.rsplit(maxsplit=1)[-1]}"),
        ),
    )


def _in_words(row: Row, _: Book) -> Value:
    if not row.text("Verdict"):
        return NO_ANSWERS
    own, national = percent_text(row[OWN]), percent_text(row[NATIONAL])
    said = row.text("Verdict").lower()
    return f"{row.text('Provider type')}: net balance {own} here, {national} nationally: {said}"


def _comparison(evidence: Evidence) -> tuple[Column, ...]:
    """The difference of the net balances, its interval and what that says."""
    return (
        Column(
            "Difference",
            POINTS,
            12,
            Formula(
                f'IF(AND(ISNUMBER([@{OWN}]),ISNUMBER([@{NATIONAL}])),[@{OWN}]-[@{NATIONAL}],"")',
                _difference,
                _compared(evidence, "balance"),
            ),
        ),
        _end(evidence, LOW, -1),
        _end(evidence, HIGH, 1),
        verdict(TOTAL, FEWEST, WIDEST),
        Column(
            IN_WORDS,
            width=56,
            formula=Formula(
                f'IF([@Verdict]="","{NO_ANSWERS}",[@Provider type]&": net balance "'
                f'&TEXT([@{OWN}],"0.0%")&" here, "&TEXT([@{NATIONAL}],"0.0%")'
                '&" nationally: "&LOWER([@Verdict]))',
                _in_words,
            ),
        ),
    )


def _others(evidence: Evidence) -> tuple[Column, ...]:
    """The other balances, as the national sheet has them."""
    weighted = "+".join(
        f'INDEX(Outlooks[Weight],MATCH("{each.outlook}",Outlooks[Code],0))*N([@{_input(each)}])'
        for each in evidence.outlooks
    )

    def weighted_balance(row: Row, book: Book) -> float:
        return sum(
            book.find("Outlooks", each.outlook).number("Weight") * number_or_zero(row[_input(each)])
            for each in evidence.outlooks
        ) / row.number(TOTAL)

    return (
        Column(
            "Weighted balance",
            POINTS,
            12,
            _answered(
                f"({weighted})/[@{TOTAL}]",
                weighted_balance,
                f'LOCALIS_BALANCE({_counts(evidence)},"weighted balance")',
            ),
        ),
        Column(
            "Diffusion index",
            SHARE,
            12,
            _answered(
                f"([@{MORE}]+[@{SAME}]/2)/[@{TOTAL}]",
                lambda row, _: measures.diffusion_index(*map(row.number, (MORE, SAME, TOTAL))),
                f'LOCALIS_BALANCE({_counts(evidence)},"diffusion index")',
            ),
        ),
    )


def _columns(evidence: Evidence) -> tuple[Column, ...]:
    return (
        Column("Code", width=14),
        Column("Provider type", width=36),
        *(
            Column(
                _input(outlook),
                WHOLE,
                11,
                input=True,
                imported=True,
                limits=(0, 100_000),
                prompt=f"{outlook.label}: how many expect it, 0 where nobody does.",
            )
            for outlook in evidence.outlooks
        ),
        Column(TOTAL, WHOLE, 10, _row_total(evidence)),
        _of_direction(evidence, FEWER, "fewer", "expecting fewer"),
        _of_direction(evidence, SAME, "same", None),
        _of_direction(evidence, MORE, "more", "expecting more"),
        _share(evidence, MORE, "more"),
        _share(evidence, SAME, "no change"),
        _share(evidence, FEWER, "fewer"),
        *_balance(evidence),
        *_comparison(evidence),
        *_others(evidence),
    )


def own_balance(evidence: Evidence, counts: Mapping[tuple[str, ...], int] | None) -> Sheet:
    """What the council's own respondents expect of each type of provider, beside the nation's.

    Args:
        evidence: the national survey.
        counts: own respondents by question, provider type and outlook; see `council.compare`.
    """
    question, own = evidence.outlook_question, counts or {}
    rows: list[Contents] = []
    for provider in evidence.providers:
        key = (question.question, provider.provider)
        answers = {_input(each): own.get((*key, each.outlook), 0) for each in evidence.outlooks}
        rows.append(
            {
                "Code": provider.provider,
                "Provider type": provider.label,
                **(answers if any(answers.values()) else dict.fromkeys(answers)),
            }
        )
    return Sheet(
        SHEET,
        "What the council's own respondents expect, beside the nation",
        f"Question {question.question} of the council's own survey: counts, and the net balance "
        "beside the national one",
        "Council",
        Table(TABLE, "Code", _columns(evidence), rows),
        (
            Line(
                "Type how many expect each of a type of provider, 0 where nobody does, or: localis "
                f"import survey FILE --into WORKBOOK {marker(evidence, 'balances')}"
            ),
            Line(
                "The interval of a difference is a normal approximation, at the confidence on "
                "Settings; how many answers and how narrow an interval it takes stands there too.",
                link="Settings",
            ),
        ),
        (_chart(rows),),
        task="Type counts",
        parts=(PART,),
    )


def _chart(rows: list[Contents]) -> Chart:
    return Chart(
        (TABLE, str(rows[0]["Code"]), IN_WORDS),
        TABLE,
        "Provider type",
        (Series(OWN, "Own survey", "dark blue"), Series(NATIONAL, "National survey", "orange")),
        "Type of provider",
        "Net balance: share expecting more less share expecting fewer or none",
        "Bar chart of the net balance of each type of provider, in the council's own survey and "
        f"in the national one. Values: columns {OWN} and {NATIONAL}.",
        (len(rows) + 7, 0),
        (36, 13),
        limits=(-1, 1),
    )
