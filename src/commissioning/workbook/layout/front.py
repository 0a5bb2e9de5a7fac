"""The first sheets: the cover and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts import deadlines
from commissioning.council.survey import compare
from commissioning.workbook.grid import (
    DATE,
    NUMBER,
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
)
from commissioning.workbook.layout import checks, provenance

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from commissioning.cells import Value
    from commissioning.workbook.grid import Contents

#: Shown until the officer gives the council's name.
NO_COUNCIL = "Your council"


class Choices(NamedTuple):
    """What an officer can set when the workbook is made."""

    council: str
    financial_year: str
    as_at: dt.date


def financial_year(day: dt.date) -> str:
    """The financial year that a day falls in, from 1 April, such as 2026-27."""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


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
        Setting(
            "MarketYear",
            "Year of the market",
            None,
            NUMBER,
            "Year",
            "Year of the sheet Market, by its April; empty for the financial year",
            "Officer",
        ),
        Setting(
            "LocalAreas",
            "Local postcodes",
            None,
            TEXT,
            "Codes",
            "Outward codes or areas, such as M5, M6, BL, that count as local at the next import",
            "Officer",
        ),
        *_months(),
        *_verdicts(),
    )


def _verdicts() -> Iterator[Setting]:
    """What it takes for the verdicts on the council's own survey to say something."""
    source = "Convention: choose your own"
    for name, label, answers, sheet in (
        ("FewestAnswers", "Fewest own answers", compare.FEWEST, "Own survey"),
        (
            "FewestForBalance",
            "Fewest own answers for a net balance",
            compare.FEWEST_FOR_BALANCE,
            "Own outlook",
        ),
    ):
        effect = f"Below it, the verdicts of {sheet} say that there are too few to tell"
        yield Setting(name, label, answers, WHOLE, "Answers", effect, source)
    for name, label, width, sheet in (
        ("WidestInterval", "Widest interval of a difference", compare.WIDEST, "Own survey"),
        (
            "WidestForBalance",
            "Widest interval between net balances",
            compare.WIDEST_FOR_BALANCE,
            "Own outlook",
        ),
    ):
        effect = f"On {sheet}, a wider one around no difference says too little: too few to tell"
        yield Setting(name, label, width, SHARE, "Share", effect, source)


def _months() -> Iterator[Setting]:
    """The months of the contracts register: how far to look ahead, and the lead times."""
    source = "Judgement: choose your own"
    for name, label, months, effect in (
        (
            "HorizonMonths",
            "Months ahead",
            deadlines.HORIZON,
            "How far ahead Contracts looks for what ends or is due for review",
        ),
        (
            "ProcurementMonths",
            "Months for value test and procurement",
            deadlines.DEFAULTS.procurement,
            "The value test begins so long before a contract ends",
        ),
        (
            "RenegotiationMonths",
            "Months for a renegotiation",
            deadlines.DEFAULTS.renegotiation,
            "A renegotiation begins so long before a contract ends",
        ),
        (
            "NoticeMonths",
            "Months of notice of an extension",
            deadlines.DEFAULTS.notice,
            "Whether a contract is extended is decided so long before it ends",
        ),
    ):
        yield Setting(name, label, months, WHOLE, "Months", effect, source)


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
    "4  Import the council's payments, contracts and survey (localis import, or the tab Localis).",
    "5  Keep owners, dates and statuses up to date on Actions; Progress follows.",
    "6  Before you pass the workbook on, see that every check on Checks passes.",
)


def cover(others: Sequence[Sheet]) -> Sheet:
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
        lambda _, b: f"{b.named_text('Council')}, {b.named_text('FinancialYear')}",
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
                "Helps a council decide what residents need and how best to provide it: the "
                "evidence published in 2011, the council's own spending, and a tracker of actions."
            ),
            Line(checks.STATE, "Localis state", link="Checks", tones={"All": "good", "": "bad"}),
            Line("How to use this workbook", "Localis heading"),
            *(Line(step) for step in HOW_TO_USE),
            Line("What is in it", "Localis heading"),
            Line(provenance.FILLED),
            Line("Not a publication of Localis, whose report is the source."),
        ),
        one_page=True,
    )
