"""The council's own figures as the workbook takes them: what an import has read and added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence


class ImportedFile(NamedTuple):
    """A file of payments, and how much of it was read.

    Attributes:
        name: of the file, without its folder.
        rows: payments read.
        pence: what they come to.
        rejected_rows: payments that could not be read.
        rejected_pence: what they come to, as far as their amounts can be read.
        first: day of the earliest payment.
        last: day of the latest payment.
        held_in: name of the Parquet file with the payments.
    """

    name: str
    rows: int
    pence: int
    rejected_rows: int
    rejected_pence: int
    first: dt.date | None
    last: dt.date | None
    held_in: str


class Supplier(NamedTuple):
    """A supplier over all imported payments.

    Attributes:
        key: the form of its name in which all spellings are the same.
        name: the spelling under which it was paid the most.
        pence: what was paid to it.
        payments: how many times.
        suggested: code of the provider type that it seems to be of.
        reason: why it seems so.
    """

    key: str
    name: str
    pence: int
    payments: int
    suggested: str
    reason: str


class SpendLine(NamedTuple):
    """What was paid to a supplier for a service in a financial year.

    Attributes:
        key: of the supplier.
        supplier: its name.
        service: as the council names it.
        year: calendar year in which the financial year begins, on 1 April; None without a date.
        pence: what was paid.
        placed: as far as payments have a postcode.
        local: as far as that postcode is local.
    """

    key: str
    supplier: str
    service: str
    year: int | None
    pence: int
    placed: int = 0
    local: int = 0


class PaidMonth(NamedTuple):
    """What was paid in a month: its first day, how many payments, and what they come to."""

    month: dt.date
    payments: int
    pence: int


class Spend(NamedTuple):
    """The council's payments, added up."""

    files: Sequence[ImportedFile] = ()
    suppliers: Sequence[Supplier] = ()
    lines: Sequence[SpendLine] = ()
    months: Sequence[PaidMonth] = ()


class Contract(NamedTuple):
    """An entry of the contracts register; None where the register does not say.

    Attributes:
        reference: what tells it apart.
        value: in pence, over its whole life.
        annual_value: in pence.
        extended_end: the latest day on which it can end if it is extended.
        sme: whether the supplier is a small or medium-sized company.
        voluntary: whether it is a voluntary or community organisation or social enterprise.
        extension: what the register says of extensions, in its words.
        process: how the contract was procured.
    """

    reference: str
    title: str
    supplier: str
    service: str
    value: int | None
    annual_value: int | None
    start: dt.date | None
    end: dt.date | None
    review: dt.date | None
    extended_end: dt.date | None
    sme: bool | None
    voluntary: bool | None
    extension: str = ""
    process: str = ""


class Own(NamedTuple):
    """Everything that was imported; None stands for what was not.

    `survey` counts answers: (question, code of the answer, or of the provider and the outlook)
    -> respondents of the council's own survey.
    """

    spend: Spend | None = None
    contracts: Sequence[Contract] | None = None
    survey: Mapping[tuple[str, ...], int] | None = None
