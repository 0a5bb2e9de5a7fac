"""What a contracts register tells of each contract, in the words of the trade.

Source: Local Government Transparency Code 2015, paragraphs on contracts (reference, title,
department, description, supplier, sum over the contract's life or a year, VAT that cannot be
recovered, start, end and review, tender or quotation, small or voluntary supplier with its
number). What the code does not ask for stands in the registers of contract systems.
"""

from __future__ import annotations

from commissioning.council.reading.columns import Field
from commissioning.council.reading.content import Kind


def _dated(*phrases: str) -> tuple[str, ...]:
    """Headings of a day, with the word "date" and without: "expiry" and "expiry date"."""
    return (*phrases, *(f"{phrase} date" for phrase in phrases))


FIELDS = (
    Field(
        "reference",
        "Reference",
        Kind.CODE,
        sure=(
            *("contract reference", "contract reference number", "contract number", "contract id"),
            *("agreement reference", "agreement number", "reference number", "register number"),
        ),
        likely=("reference", "unique id", "identifier"),
        faint=("number", "id", "procurement reference", "tender reference", "project reference"),
    ),
    Field(
        "title",
        "Title",
        Kind.TEXT,
        sure=("contract title", "agreement title", "contract name", "title"),
        likely=("agreement name", "project title", "name contract", "contract"),
        faint=("name", "project name", "tender title", "subject", "agreement"),
    ),
    Field(
        "description",
        "Description",
        Kind.TEXT,
        sure=(
            *("contract description", "description goods service", "description"),
            "description work",
        ),
        likely=("goods service", "purpose", "scope", "contract details", "summary"),
        faint=("details", "nature", "title description"),
    ),
    Field(
        "service",
        "Service",
        Kind.LABEL,
        sure=(
            *("department", "directorate", "service area", "organisation unit"),
            *("council department", "authority department", "responsible department"),
            "directorate name",
        ),
        likely=("business unit", "division", "service", "team", "section", "group", "portfolio"),
        faint=("area", "unit", "business area", "budget holder"),
    ),
    Field(
        "supplier",
        "Supplier",
        Kind.NAME,
        sure=(
            "supplier",
            "supplier name",
            "supplier company name",
            "awarded supplier",
            "contractor",
        ),
        likely=("company name", "company", "awarded", "organisation name", "party contract"),
        faint=(
            *("organisation", "party", "tenderer", "bidder"),
            *("account name", "counterparty"),
        ),
    ),
    Field(
        "company",
        "Company number",
        Kind.COMPANY,
        sure=(
            *("company number", "company registered number", "companies house number"),
            *("supplier company number", "registered number", "supplier registered number"),
            "company house number",
        ),
        likely=(
            "company reference",
            "supplier registered company number",
            "company id",
            "supplier reference number",
        ),
        faint=("supplier number",),
    ),
    Field(
        "charity",
        "Charity number",
        Kind.CHARITY,
        sure=("charity number", "charity registered number", "registered charity number"),
        likely=("charity commission number", "charity"),
    ),
    Field(
        "value",
        "Value",
        Kind.MONEY,
        sure=(
            *("contract value", "total contract value", "total value", "contract total value"),
            *("whole life value", "lifetime value", "total contract sum", "contract sum"),
            *("contract price", "total cost", "sum paid over length contract", "award value"),
            *("estimated contract value", "awarded value", "awarded contract value"),
        ),
        likely=("value", "contract cost", "sum paid", "total estimated value", "total amount"),
        faint=("amount", "price", "cost", "sum", "total", "budget", "spend"),
    ),
    Field(
        "annual",
        "Annual value",
        Kind.MONEY,
        sure=(
            *("annual value", "annual contract value", "contract value annual", "annual spend"),
            *(
                "value per annum",
                "contract value per annum",
                "value pa",
                "value p.a.",
                "value year",
            ),
            *("estimated annual value", "estimated annual spend", "annual cost", "annual budget"),
        ),
        likely=("annual", "per annum", "p.a.", "annual amount", "annual sum", "per year", "yearly"),
    ),
    Field(
        "vat",
        "Irrecoverable VAT",
        Kind.MONEY,
        sure=(
            *("irrecoverable vat", "vat not recovered", "vat cannot be recovered"),
            *("value added tax cannot be recovered", "irrecoverable value added tax"),
        ),
        likely=("vat not recoverable", "vat amount", "vat", "value added tax"),
    ),
    Field(
        "start",
        "Start",
        Kind.DATE,
        sure=_dated("start", "contract start"),
        likely=("from", "from date", "live date", "contract date", "effective date"),
        faint=("award date", "date awarded", "date"),
    ),
    Field(
        "end",
        "End",
        Kind.DATE,
        sure=(
            *_dated("end", "contract end", "current end", "current contract end", "actual end"),
            *_dated("expiry", "contract expiry", "current expiry", "revised end", "expires"),
            *("expiration", "expiration date"),
        ),
        likely=("completion date", "termination date", "finish date", "finish", "to", "to date"),
        faint=("renewal date", "contract renewal date"),
    ),
    Field(
        "original",
        "Original end",
        Kind.DATE,
        sure=(
            *_dated("original end", "original contract end", "initial end", "initial contract end"),
            *_dated("initial term end", "initial expiry", "original expiry", "first end"),
            *_dated("end excluding extension", "expiry excluding extension"),
        ),
        # Where another column is the current end, this is the first one.
        likely=("end date", "contract end date", "expiry date"),
    ),
    Field(
        "latest",
        "End with extensions",
        Kind.DATE,
        sure=(
            *_dated("end including extension", "end with extension", "expiry including extension"),
            *_dated("expiry with extension", "maximum end", "contract maximum end", "latest end"),
            *_dated("latest possible end", "final end", "extended end", "extension end"),
            *_dated("final expiry", "maximum expiry", "latest expiry", "extension expiry"),
            *_dated("latest extension", "potential end", "latest extensible", "extensible"),
            *("extend to date", "extendable date"),
        ),
        likely=("extended to", "extension to", "extension date", "extend date", "maximum date"),
    ),
    Field(
        "review",
        "Review",
        Kind.DATE,
        sure=("review date", "contract review date", "next review date", "review"),
        likely=("review due", "renewal review date"),
    ),
    Field(
        "duration",
        "Duration",
        Kind.ANY,
        sure=(
            *("duration", "contract duration", "contract length", "term", "contract term"),
            *("contract period", "period contract", "initial term", "length contract"),
            *("initial period", "length"),
        ),
    ),
    Field(
        "extension",
        "Extension",
        Kind.ANY,
        sure=(
            *("extension option", "option extend", "extension period", "extension available"),
            *("extension length", "extension term", "possible extension", "contract extension"),
            *("extension duration", "duration extension", "extension", "extension month"),
            *("option extend month", "extension provision", "maximum extension"),
        ),
        likely=("extendable", "can be extended", "option", "renewal option"),
    ),
    Field(
        "extendable",
        "Can be extended",
        Kind.FLAG,
        sure=(
            *("extendable", "can be extended", "option extend", "extension option"),
            *("extension available", "possible extension", "extension allowed"),
        ),
    ),
    Field(
        "extensions",
        "Number of extensions",
        Kind.NUMBER,
        sure=("number extension", "how many extension", "extension number", "extension count"),
    ),
    Field(
        "extended",
        "Extension taken",
        Kind.FLAG,
        sure=(
            *("extension taken", "extension used", "extension exercised", "contract extended"),
            *("extended", "extension invoked", "extension activated"),
        ),
    ),
    Field(
        "process",
        "Process",
        Kind.LABEL,
        sure=(
            *("procurement process", "procurement route", "procurement method", "process used"),
            *("procurement procedure", "tender process", "tender procedure", "route market"),
            *("invitation tender quote", "invitation quote published invitation tender"),
            *("award procedure", "procurement type", "contract award procedure", "process"),
        ),
        likely=(
            "procedure",
            "sourcing route",
            "tender type",
            "tendered",
            "tender quote",
            "process type",
        ),
        faint=("route", "procurement", "tender", "method"),
    ),
    Field(
        "sme",
        "SME",
        Kind.FLAG,
        sure=("sme", "sme supplier", "small medium enterprise", "sme status", "sme supplier type"),
        likely=("small business", "supplier size", "company size", "organisation size"),
    ),
    Field(
        "voluntary",
        "Voluntary",
        Kind.FLAG,
        sure=(
            *("voluntary", "voluntary community sector", "voluntary supplier", "voluntary status"),
            *("voluntary supplier type", "voluntary community sector organisation", "vco"),
            *("voluntary community social enterprise", "third sector", "voluntary organisation"),
        ),
        likely=(
            "community sector",
            "social enterprise",
            "not profit",
            "registered charity",
            "charity",
        ),
    ),
    Field(
        "status",
        "SME or voluntary",
        Kind.FLAG,
        sure=(
            *("sme voluntary", "sme voluntary status", "sme voluntary supplier"),
            *("small medium enterprise voluntary community sector", "sme or voluntary"),
            "sme voluntary community sector organisation",
        ),
        likely=("supplier type", "supplier status", "organisation type", "type supplier"),
    ),
    Field(
        "postcode", "Postcode", Kind.POSTCODE, sure=("postcode", "supplier postcode"), beside=True
    ),
    Field(
        "category",
        "Category",
        Kind.ANY,
        sure=(
            *("category", "category description", "classification", "cpv", "cpv code", "proclass"),
            *("contract type", "type contract", "proclass description", "category label"),
            *("proclass classification", "cpv description", "contract category", "category code"),
        ),
        beside=True,
    ),
    Field(
        "authority",
        "Authority",
        Kind.ANY,
        sure=(
            *("purchasing body", "contracting authority", "council name", "organisation label"),
            *("lead authority", "buyer", "authority", "publisher name", "organisation uri"),
            *("organisation code", "lead organisation", "purchasing authority"),
        ),
        beside=True,
    ),
    Field(
        "awarded",
        "Award date",
        Kind.DATE,
        sure=("award date", "date awarded", "published date", "date updated"),
        beside=True,
    ),
    Field(
        "notice",
        "Notice",
        Kind.ANY,
        sure=("notice period", "notice required", "termination notice", "break clause"),
        beside=True,
    ),
    Field("least", "Least value", Kind.MONEY, sure=("value low", "lowest value"), beside=True),
    Field("most", "Most value", Kind.MONEY, sure=("value high", "highest value"), beside=True),
    # Who was sought, which says nothing of who was found.
    Field("suits_sme", "Suits SMEs", Kind.ANY, sure=("suitable sme",), beside=True),
    Field(
        "suits_voluntary",
        "Suits voluntary",
        Kind.ANY,
        sure=("suitable vco", "suitable vcse", "suitable voluntary"),
        beside=True,
    ),
    Field(
        "contact",
        "Contact",
        Kind.ANY,
        sure=(
            *("contact", "contact name", "contract manager", "contact email", "officer", "email"),
            *("contract owner", "contract lead", "contact point", "lead officer"),
            "responsible officer",
        ),
        beside=True,
    ),
    Field(
        "address",
        "Address",
        Kind.ANY,
        sure=(
            *("supplier address", "address", "supplier contact", "supplier town", "url", "uri"),
            "link",
        ),
        beside=True,
    ),
    Field(
        "state",
        "Contract status",
        Kind.ANY,
        sure=("contract status", "visibility", "contract state"),
        faint=("status",),
        beside=True,
    ),
)

#: What tells which contract a row is; a register has one of them at least.
NAMES = ("reference", "title", "description", "supplier")
#: When contracts end, the surest first; a register has one of them at least.
ENDS = ("end", "original", "latest")
