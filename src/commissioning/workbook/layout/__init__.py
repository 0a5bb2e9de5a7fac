"""What the workbook consists of: every sheet, table, column and name, declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import VERSION_PROPERTY
from commissioning.council.figures import Own
from commissioning.workbook.grid import Layout
from commissioning.workbook.layout import (
    balances,
    checks,
    claims,
    contract_results,
    contracts,
    council,
    front,
    lines,
    market,
    money,
    names,
    notes,
    own_balance,
    own_survey,
    payment_months,
    provenance,
    reference,
    scenario,
    service_areas,
    services,
    spend,
    summary,
    survey,
    tracker,
)
from commissioning.workbook.layout.front import NO_COUNCIL, Choices, financial_year

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence

__all__ = [
    "EVIDENCE_PROPERTY",
    "NO_COUNCIL",
    "VERSION_PROPERTY",
    "Choices",
    "Layout",
    "financial_year",
    "lay_out",
]

#: The custom document property that says from which evidence a workbook was made.
EVIDENCE_PROPERTY = "Localis evidence"


def lay_out(evidence: Evidence, choices: Choices, own: Own | None = None) -> Layout:
    """The workbook for an evidence pack, with the council's own figures if there are any.

    Raises:
        EvidenceError: a name in the pack is one that the workbook uses itself, or cannot use.
    """
    own = own or Own()
    before = (
        summary.summary(evidence),
        front.settings(choices),
        survey.overview(evidence),
        *(survey.options(evidence, q) for q in evidence.questions if q.kind != "outlook"),
        survey.shift(evidence),
        balances.balances(evidence),
        claims.sheet(evidence),
        money.national(evidence),
        council.council(evidence),
        money.results(evidence),
        scenario.scenario(evidence),
        market.market(),
        services.services(own.spend),
        service_areas.service_areas(own.spend),
        spend.suppliers(own.spend),
        lines.lines(own.spend),
        spend.files(own.spend),
        payment_months.payment_months(own.spend),
        contracts.register(own.contracts),
        contract_results.results(),
        own_survey.own_survey(evidence, own.survey),
        own_balance.own_balance(evidence, own.survey),
        tracker.recommendations(evidence),
        tracker.actions(evidence),
        tracker.progress(evidence),
        reference.endorsements(evidence),
        survey.outlooks(evidence),
        tracker.statuses(),
        notes.notes(evidence),
        reference.sources(evidence),
    )
    log = reference.log(evidence, choices.as_at)
    sheets = (*before, checks.sheet(evidence, (*before, log)), log)
    cover = front.cover((*sheets, provenance.sheet(evidence, ())))
    sheets = (cover, *sheets, provenance.sheet(evidence, (cover, *sheets)))
    names.check(evidence, sheets[1:])
    return Layout(cover.title, sheets)
