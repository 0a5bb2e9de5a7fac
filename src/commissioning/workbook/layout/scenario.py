"""The scenario: what would move if part of the spending were recommissioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import expenditure
from commissioning.workbook.book import number, number_or_zero, percent_text, sound
from commissioning.workbook.grid import (
    BILLIONS,
    MILLIONS,
    POINTS,
    SHARE,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.intervals import CHECK_SETTINGS
from commissioning.workbook.layout.notes import marker

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


def _default_division(row: Row, book: Book) -> float | str:
    gains = [each for each in book.only_numbers("Scenario", "Net balance") if each > 0]
    if not gains:
        return 0.0
    own = sound(row["Net balance"])
    return max(0.0, own if is_number(own) else 0.0) / sum(gains)


def _division_used(row: Row, book: Book) -> Value:
    if not book.count("Scenario", "Own division input"):
        return row["Default division"]
    return number_or_zero(row["Own division input"])


def _moved_text(total: str) -> str:
    """The formula of `_moved`."""
    return (
        "IF(IF(ISNUMBER(Recommissioned),AND(Recommissioned>=0,Recommissioned<=1)),"
        f'{total}*Recommissioned*[@Division used],"{CHECK_SETTINGS}")'
    )


def _moved(total: str) -> Callable[[Row, Book], Value]:
    """Money for a row's provider type out of the amount with the given name."""

    def value(row: Row, book: Book) -> Value:
        share = book.named("Recommissioned")
        if not is_number(share) or not 0 <= share <= 1:
            return CHECK_SETTINGS
        amount = number(book.named(total))
        return expenditure.scenario(amount, share, [row.number("Division used")])[0]

    return value


def _council_moved(row: Row, book: Book) -> Value:
    """The same for the council's own total, as far as it has one."""
    total = book.named("CouncilNonExternal")
    return _moved("CouncilNonExternal")(row, book) if is_number(total) else total


def scenario(evidence: Evidence) -> Sheet:
    """The shift scenario: pounds for each type of provider outside the council."""
    columns = (
        Column("Code", width=14),
        Column("Provider type", width=34),
        Column(
            "Net balance",
            POINTS,
            12,
            Formula(
                "INDEX(Balance[Net balance],MATCH([@Code],Balance[Code],0))",
                lambda row, book: book.find("Balance", row["Code"])["Net balance"],
                'LOCALIS_SHIFT([@Code],"net balance")',
            ),
        ),
        Column(
            "Default division",
            SHARE,
            12,
            Formula(
                'IF(SUMIF(Scenario[Net balance],">0")=0,0,'
                'MAX(0,[@Net balance])/SUMIF(Scenario[Net balance],">0"))',
                _default_division,
                "LOCALIS_SCENARIO(1,1,[@Code])",
            ),
        ),
        Column(
            "Own division input",
            SHARE,
            14,
            input=True,
            limits=(0, 1),
            prompt="Leave all empty for the default; or type shares that add up to 100%.",
        ),
        Column(
            "Division used",
            SHARE,
            12,
            Formula(
                "IF(COUNT(Scenario[Own division input])=0,[@Default division],"
                "N([@Own division input]))",
                _division_used,
            ),
        ),
        Column(
            "Council £m",
            MILLIONS,
            15,
            Formula(
                f"IF(ISNUMBER(CouncilNonExternal),{_moved_text('CouncilNonExternal')},"
                "CouncilNonExternal)",
                _council_moved,
                "LOCALIS_SCENARIO(CouncilNonExternal,Recommissioned,[@Code],[@Division used])",
            ),
        ),
        Column(
            "National £bn",
            BILLIONS,
            13,
            Formula(
                _moved_text("NationalNonExternal"),
                _moved("NationalNonExternal"),
                "LOCALIS_SCENARIO(NationalNonExternal,Recommissioned,[@Code],[@Division used])",
            ),
        ),
    )
    rows: list[Contents] = [
        {"Code": provider.provider, "Provider type": provider.label}
        for provider in evidence.providers
        if provider.external
    ]
    return Sheet(
        "Scenario",
        "Illustration, not a forecast: where recommissioned spending might go",
        "A share of non-external spending, divided between types of provider",
        "Council",
        Table("Scenario", "Code", columns, rows),
        (
            Line(
                Formula(
                    'TEXT(Recommissioned,"0.0%")&" of non-external expenditure recommissioned: '
                    'change the share on Settings"',
                    lambda _, book: (
                        f"{percent_text(book.named('Recommissioned'))} of "
                        "non-external expenditure recommissioned: change the share on Settings"
                    ),
                ),
                link="Settings",
            ),
            Line(
                Formula(
                    '"Division used adds up to "&TEXT(SUM(Scenario[Division used]),"0.0%")',
                    lambda _, book: (
                        "Division used adds up to "
                        f"{percent_text(sum(book.numbers('Scenario', 'Division used')))}"
                    ),
                )
            ),
            Line(
                "The default divides it in proportion to net balance; type your own division in "
                f"the column headed input {marker(evidence, 'scenario')}."
            ),
        ),
        task="Try a division",
        parts=("expenditure",),
    )
