"""The fields of a payment (Local Government Transparency Code 2015, paragraphs 29 and 30).

Their headings are those of the code, of English local government and of finance systems.
"""

from __future__ import annotations

from commissioning.council.reading.columns import Field
from commissioning.council.reading.content import Kind


def _all(headings: str) -> tuple[str, ...]:
    return tuple(headings.split(", "))


FIELDS = (
    Field(
        "amount",
        "Amount, net",
        Kind.MONEY,
        sure=_all(
            "net amount, amount excluding vat, net, net value, net payment, net cost, value "
            "excluding vat, total excluding vat, payment excluding vat, excluding vat, net "
            "total, expenditure excluding vat, net expenditure"
        ),
        likely=_all(
            "amount, payment amount, transaction amount, invoice amount, line amount, payment "
            "value, transaction value, line value, supplier amount, pounds, distribution "
            "amount, ledger amount, expenditure amount, amount payment"
        ),
        faint=_all(
            "value, total, sum, cost, expenditure, payment, price, actual, total amount, "
            "invoice value, invoice total, debit, debit amount, total payment"
        ),
        needed=True,
        unsaid=True,
    ),
    Field(
        "date",
        "Date",
        Kind.DATE,
        sure=_all(
            "payment date, date payment, cheque date, payment run date, cleared date, "
            "settlement date, payment month"
        ),
        likely=_all(
            "date, transaction date, posting date, posted date, ledger date, effective date, "
            "payment, document date, accounting date, tax date, voucher date, processed date, "
            "entry date, day"
        ),
        faint=_all(
            "invoice date, updated, due date, period date, month, period, received "
            "date, input date, created date"
        ),
        unsaid=True,
    ),
    Field(
        "beneficiary",
        "Beneficiary",
        Kind.NAME,
        sure=_all(
            "supplier name, supplier, redacted supplier name, supplier description, supplier "
            "payment, supplier business name, trading name"
        ),
        likely=_all(
            "name, company, company name, paid to, account name, third party, supplier account, "
            "redacted name, customer name, payment name, ap ar name, ap ar id"
        ),
        faint=_all("firm, organisation, organisation name, charity name, customer"),
        needed=True,
        unsaid=True,
    ),
    Field(
        "service",
        "Service",
        Kind.LABEL,
        sure=_all(
            "organisation unit, directorate, department, service area, service label, "
            "directorate name, department name, service name, service, expenditure area, "
            "directorate description, service description, department description, local "
            "authority department, directorate service, department service"
        ),
        likely=_all(
            "division, service division label, service category label, section, cost centre "
            "description, cost centre name, business area, service group, cabinet portfolio, "
            "portfolio, business unit, unit, team, service unit, establishment"
        ),
        faint=_all(
            "cost centre, area, group, function, committee, responsible unit, service code, "
            "budget, programme, organisation"
        ),
        unsaid=True,
    ),
    Field(
        "purpose",
        "Purpose",
        Kind.TEXT,
        sure=_all(
            "purpose, purpose expenditure, summary purpose expenditure, narrative, payment "
            "description, transaction description, invoice description"
        ),
        likely=_all(
            "description, details, expenditure description, line description, item description, "
            "ledger description, account description, detail, service description, goods "
            "description, expenditure detail, reason, what"
        ),
        faint=_all("comment, text, note, explanation, summary, memo"),
    ),
    Field(
        "vat",
        "Irrecoverable VAT",
        Kind.MONEY,
        sure=_all("irrecoverable vat"),
    ),
    Field(
        "category",
        "Category",
        Kind.LABEL,
        sure=_all(
            "procurement category, supplier category, expenditure category, proclass, "
            "expenditure type, category, procurement classification, category description, "
            "procurement category name, supplier category group, expenditure group"
        ),
        likely=_all(
            "ledger description, account description, subjective description, classification, "
            "subjective, expenditure description, account name, detailed expenditure type, "
            "commodity, cipfa subjective, subjective group, subjective name, ledger name, "
            "expenditure, commodity description, spend category, service category"
        ),
        faint=_all("type, ledger account, account, account code description, ledger"),
    ),
    Field(
        "transaction",
        "Transaction",
        Kind.CODE,
        sure=_all(
            "transaction number, transaction reference, transaction id, transaction, payment "
            "reference, payment number, payment id, document number, voucher number, unique "
            "reference, internal reference number, internal reference"
        ),
        likely=_all(
            "reference, reference number, document, voucher, document id, ledger number, "
            "supplier transaction number, cheque number, journal number, unique id"
        ),
        faint=_all(
            "invoice number, invoice reference, supplier invoice number, number, id, purchase "
            "order number, order number"
        ),
    ),
    Field(
        "company",
        "Company number",
        Kind.COMPANY,
        sure=_all(
            "company number, company registered number, companies house number, registered "
            "company number, company registered"
        ),
        likely=_all("registered number, company house, crn"),
    ),
    Field(
        "charity",
        "Charity number",
        Kind.CHARITY,
        sure=_all(
            "charity number, charity registered number, registered charity number, charity "
            "commission number, charity registered"
        ),
        likely=_all("charity"),
    ),
    Field(
        "sme",
        "SME",
        Kind.FLAG,
        sure=_all(
            "sme, sme flag, sme indicator, sme status, sme supplier, small medium enterprise, "
            "small medium sized enterprise"
        ),
        likely=_all("supplier size, company size, enterprise size"),
    ),
    Field(
        "voluntary",
        "Voluntary",
        Kind.FLAG,
        sure=_all(
            "voluntary, voluntary community, voluntary community sector, voluntary flag, "
            "voluntary community social enterprise, voluntary sector, voluntary organisation, "
            "voluntary community social enterprise supplier, third sector"
        ),
        likely=_all("charity flag, charity status, supplier type, grant voluntary"),
    ),
    Field(
        "postcode",
        "Postcode",
        Kind.POSTCODE,
        sure=_all("postcode, supplier postcode"),
        unsaid=True,
    ),
    Field(
        "gross",
        "amount with VAT",
        Kind.MONEY,
        sure=_all(
            "gross, gross amount, amount including vat, including vat, gross value, total "
            "including vat, gross payment, value including vat, gross total, invoice total "
            "including vat, gross invoice amount"
        ),
        likely=_all("invoice total, total invoice amount"),
        beside=True,
    ),
    Field(
        "credit",
        "Credit",
        Kind.MONEY,
        sure=_all("credit, credit amount, credit value"),
        beside=True,
    ),
    Field(
        "vat total",
        "VAT",
        Kind.MONEY,
        sure=_all("vat, vat amount, recoverable vat, vat value, tax amount, total vat"),
        likely=_all("tax"),
        beside=True,
    ),
    Field(
        "supplier number",
        "supplier's number",
        Kind.CODE,
        sure=_all(
            "supplier number, supplier id, supplier code, supplier reference, supplier account "
            "number, supplier account code, supplier key, account id"
        ),
        likely=_all("account number, supplier, supplier name, ap ar id"),
        beside=True,
    ),
    Field(
        "vat number",
        "VAT registration number",
        Kind.CODE,
        sure=_all("vat number, vat registered number, vat registered"),
        beside=True,
    ),
    Field(
        "invoice date",
        "date of invoice",
        Kind.DATE,
        sure=_all("invoice date, due date, order date, start date, end date, period end"),
        beside=True,
    ),
    Field(
        "invoice number",
        "number of invoice or order",
        Kind.CODE,
        sure=_all(
            "invoice number, invoice reference, supplier invoice number, invoice, purchase "
            "order number, order number, supplier invoice reference"
        ),
        beside=True,
    ),
    Field(
        "period",
        "period",
        Kind.ANY,
        sure=_all("period, financial year, year, month, financial period, quarter, week"),
        beside=True,
    ),
    Field(
        "body",
        "whose file it is",
        Kind.SAME,
        sure=_all(
            "body name, authority name, organisation name, council, council name, body, local "
            "authority, authority, public body, publisher, entity, company, operating unit"
        ),
        likely=_all("organisation, organisation code, entity name, company code, legal entity"),
        beside=True,
    ),
    Field(
        "code",
        "code of account, cost centre or category",
        Kind.CODE,
        sure=_all(
            "expenditure code, cost centre code, account code, ledger code, service code, "
            "organisation code, category code, cost code, subjective code, code, body code, "
            "directorate code, detailed expenditure code, cost centre number, department code, "
            "ledger account code, procurement code, supplier category code, ledger number"
        ),
        likely=_all("cost centre, account, ledger account, subjective, proclass, sercop"),
        beside=True,
    ),
    Field(
        "capital",
        "capital or revenue",
        Kind.LABEL,
        sure=_all("capital revenue, revenue capital, capital or revenue, capital"),
        beside=True,
    ),
    Field(
        "kind",
        "kind of payment",
        Kind.LABEL,
        sure=_all(
            "payment type, payment method, transaction type, document type, source, method of "
            "payment, invoice type, subsource"
        ),
        beside=True,
    ),
    Field(
        "sequence",
        "line of a transaction",
        Kind.CODE,
        sure=_all("sequence number, line number, invoice line number, sequence, distribution line"),
        beside=True,
    ),
)
