"""The sheet of claims: each published figure, worked out again by a native formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import claims, measures
from commissioning.workbook.book import is_text, number, number_or_zero, sound, thousandths_text
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
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    from commissioning.evidence.pack import Claim, Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

NO_BASE = "Not a share"

_KINDS = {"people": WHOLE, "share": SHARE, "ratio": DECIMAL, "£bn": BILLIONS}
_STEP = Kind("0.000", right=True)


def _lookup(table: str, heading: str) -> str:
    """A cell of the row that the claim's subject names."""
    return f"INDEX({table}[{heading}],MATCH([@Subject],{table}[Code],0))"


def _survey(heading: str) -> str:
    """A cell of the row that the claim's question names."""
    return f"INDEX(Survey[{heading}],MATCH([@Question],Survey[Question],0))"


def _base(row: Row, book: Book) -> str:
    asked = book.find("Survey", row["Question"])
    return f"{asked.text('Published base')} ({asked.text('Base is')})"


_BASE = Formula(
    f'{_survey("Published base")}&" ("&{_survey("Base is")}&")"',
    _base,
    'LOCALIS_CLAIM([@Claim],"base")',
)


def sheet(evidence: Evidence) -> Sheet:
    """Every claim with its figure as printed, worked out again, and the verdict."""
    columns = (
        Column("Claim", width=19),
        Column("What is claimed", width=44),
        Column("Printed", width=16),
        Column("Worked out", width=11),
        Column("Working", width=24),
        Column("Base", width=13),
        Column("On row total", SHARE, 16),
        Column(
            "Verdict",
            width=20,
            formula=Formula(_VERDICT, _verdict, _twin("verdict")),
            tones={claims.HOLDS_INFERRED: "warn", claims.HOLDS: "good", claims.FAILS: "bad"},
        ),
        Column("Notes", width=10),
        Column("Question", width=10),
        Column("Subject", width=13),
        Column("Printed value", width=10),
        Column("Rounded to", _STEP, 10),
        Column("Relation", width=11),
        WHERE,
    )
    return Sheet(
        "Claims",
        "Every published claim, worked out again",
        "Each headline figure with its working and a verdict",
        "Evidence",
        Table("Claims", "Claim", columns, [_row(evidence, claim) for claim in evidence.claims]),
        (
            Line(
                "A claim holds when the figure worked out from the published tables rounds to the "
                "printed one."
            ),
            Line(
                "Where the base of a share is inferred, the share on the row total stands beside "
                f"it {marker(evidence, 'base')}."
            ),
        ),
    )


def _row(evidence: Evidence, claim: Claim) -> Contents:
    kind = _KINDS[claim.unit]
    worked, working, base, on_row_total = _formulas(evidence, claim)
    return {
        "Claim": claim.claim,
        "What is claimed": claim.statement,
        "Printed": claim.printed,
        "Worked out": Cell(worked, kind),
        "Working": working,
        "Base": base,
        "On row total": on_row_total,
        "Notes": marker(evidence, claim.note) or "None",
        "Question": claim.question or "None",
        "Subject": claim.subject or "None",
        "Printed value": Cell(claim.value, kind),
        "Rounded to": claim.rounding,
        "Relation": claim.relation,
        "Where in the source": claim.where,
    }


def _formulas(
    evidence: Evidence, claim: Claim
) -> tuple[Formula, Formula, Value | Formula, Value | Formula]:
    """Figure, working, base and share on the row total, by the claim's measure."""
    figure, working = _MEASURES[claim.measure](evidence, claim)
    figure, working = figure._replace(twin=_twin()), working._replace(twin=_twin("working"))
    if claim.measure not in ("option share", "more share"):
        return figure, working, NO_BASE, NO_BASE
    if evidence.question(claim.question or "").base_status == "printed":
        return figure, working, _BASE, "Base is printed"
    if claim.measure == "option share":
        return figure, working, _BASE, "No row total"
    return (
        figure,
        working,
        _BASE,
        _of_subject(_table(evidence, claim), "More on row total")._replace(
            twin=_twin("on row total")
        ),
    )


def _table(evidence: Evidence, claim: Claim) -> str:
    return evidence.question(claim.question or "").sheet


def _twin(field: str = "worked out") -> str:
    return f'LOCALIS_CLAIM([@Claim],"{field}")'


def _of_subject(table: str, heading: str) -> Formula:
    return Formula(
        _lookup(table, heading), lambda row, book: book.find(table, row["Subject"])[heading]
    )


def _quotient(numerator: tuple[str, str], denominator: tuple[str, str] | None = None) -> Formula:
    """The working "a / b": of two cells of the subject, or of one and the published base."""

    def value(row: Row, book: Book) -> str:
        subject = row["Subject"]
        above = book.find(numerator[0], subject).text(numerator[1])
        below = (
            book.find(denominator[0], subject).text(denominator[1])
            if denominator
            else book.find("Survey", row["Question"]).text("Published base")
        )
        return f"{above} / {below}"

    below = _lookup(*denominator) if denominator else _survey("Published base")
    return Formula(f'{_lookup(*numerator)}&" / "&{below}', value)


def _respondents(_: Evidence, __: Claim) -> tuple[Formula, Formula]:
    def working(row: Row, book: Book) -> str:
        asked = book.find("Survey", row["Question"])
        return f"{asked.text('Answered')} + {asked.text('Skipped')}"

    return (
        Formula(
            _survey("Respondents"),
            lambda row, book: book.find("Survey", row["Question"])["Respondents"],
        ),
        Formula(f'{_survey("Answered")}&" + "&{_survey("Skipped")}', working),
    )


def _option_share(evidence: Evidence, claim: Claim) -> tuple[Formula, Formula]:
    table = _table(evidence, claim)
    return _of_subject(table, "Share"), _quotient((table, "Count"))


def _more_share(evidence: Evidence, claim: Claim) -> tuple[Formula, Formula]:
    table = _table(evidence, claim)
    return _of_subject(table, "More on published base"), _quotient(("Balance", "More"))


def _fewer_per_more(_: Evidence, __: Claim) -> tuple[Formula, Formula]:
    return (
        _of_subject("Balance", "Fewer per more"),
        _quotient(("Balance", "Fewer"), ("Balance", "More")),
    )


def _non_external(_: Evidence, __: Claim) -> tuple[Formula, Formula]:
    names = ("NationalProcurement", "NationalContractors", "NationalEmployees")
    procurement, contractors, employees = (f'TEXT({name},"0.000")' for name in names)

    def working(_: Row, book: Book) -> str:
        return "{} - {} + {}".format(*(thousandths_text(book.named(name)) for name in names))

    return (
        Formula("NationalNonExternal", lambda _, book: book.named("NationalNonExternal")),
        Formula(f'{procurement}&" - "&{contractors}&" + "&{employees}', working),
    )


_MEASURES = {
    "respondents": _respondents,
    "option share": _option_share,
    "more share": _more_share,
    "fewer per more": _fewer_per_more,
    "non-external": _non_external,
}


def _holds(heading: str) -> str:
    rounds = f"ROUND([@{heading}]/[@Rounded to],0)=ROUND([@Printed value]/[@Rounded to],0)"
    return f'IF([@Relation]="more than",N([@{heading}])>[@Printed value],{rounds})'


_VERDICT = (
    f"IF({_holds('Worked out')},"
    f'IF(ISNUMBER([@On row total]),IF({_holds("On row total")},"{claims.HOLDS}",'
    f'"{claims.HOLDS_INFERRED}"),"{claims.HOLDS}"),"{claims.FAILS}")'
)


def _verdict(row: Row, _: Book) -> str:
    def holds(heading: str) -> bool:
        if row.text("Relation") == "more than":
            value, printed = number_or_zero(row[heading]), sound(row["Printed value"])
            # No number is above a text.
            return not is_text(printed) and value > number(printed)
        value, step, printed = map(row.number, (heading, "Rounded to", "Printed value"))
        return measures.rounds_to(value, printed, step)

    if not holds("Worked out"):
        return claims.FAILS
    if is_number(row["On row total"]) and not holds("On row total"):
        return claims.HOLDS_INFERRED
    return claims.HOLDS
