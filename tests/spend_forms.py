"""Payments made up for the tests, written in the odd forms in which councils publish them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import xlsxwriter
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NAMES = (
    *("Ash & Sons Ltd", "Smith, Jones & Co", 'The "Old" Mill Trust', "Café Noir", "Birch PLC"),
    *("REDACTED PERSONAL DATA", "Total Timber Ltd", "O\N{RIGHT SINGLE QUOTATION MARK}Neil Care"),
    *("Elm House Nursing Home", "3 Oaks CIC", "Larch\nHousing Association", "Mr A Hazel"),
)
SERVICES = ("Adult Social Care", "Children's Services", "Place, Roads & Parks", "Resources")
PURPOSES = ("Agency staff", "Repairs; urgent", "Residential care", "Printing | post", "#N/A", "")
HEADINGS = {
    "date": ("Payment Date", "Date Paid", "PAYMENT_DATE", "Paymnet Date", "Pmt Date", "Date"),
    "service": ("Directorate", "Service Area", "Organisational Unit", "Department", "Directoate"),
    "beneficiary": ("Supplier Name", "Beneficiary", "Vendor", "Payee Name", "Suplier Name"),
    "purpose": ("Purpose of Spend", "Narrative", "Description", "Descripton", "Details"),
    "amount": ("Net Amount", "Amount excl. VAT", "Net Amount (£)", "Ammount", "Amount"),
    "transaction": ("Transaction Number", "TransNo", "Transaction No.", "Document No"),
}


@dataclass(frozen=True)
class Payment:
    """What the reader is to give back; an empty text stands for none."""

    date: dt.date
    service: str
    beneficiary: str
    purpose: str
    amount: int
    transaction: str


@dataclass(frozen=True)
class Form:
    """How a file is written."""

    kind: str
    encoding: str
    delimiter: str
    newline: str
    order: tuple[str, ...]
    headings: dict[str, str]
    titles: tuple[str, ...]
    amounts: str
    dates: str
    gross: bool
    tall: bool
    repeat: int
    total: str
    blanks: int


PAYMENTS = st.lists(
    st.builds(
        Payment,
        date=st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)),
        service=st.sampled_from(SERVICES),
        beneficiary=st.sampled_from(NAMES),
        purpose=st.sampled_from(PURPOSES),
        amount=st.integers(-10_000_000, 1_000_000_000),
        transaction=st.integers(1_000_000, 9_999_999).map(str),
    ),
    min_size=3,
    max_size=40,
)

FORMS = st.builds(
    Form,
    kind=st.sampled_from(("csv", "csv", "csv", "xlsx", "ods")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "twice", "cp1252", "utf-16", "utf-16-le")),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(("\n", "\r\n")),
    order=st.permutations(tuple(HEADINGS)).map(tuple),
    headings=st.fixed_dictionaries({code: st.sampled_from(v) for code, v in HEADINGS.items()}),
    titles=st.sampled_from(
        ((), ("Payments to suppliers over £500",), ("Any Council", "", "April 2015, all services"))
    ),
    amounts=st.sampled_from(
        ("plain", "pounds", "brackets", "trailing", "credit", "spaced", "continental")
    ),
    dates=st.sampled_from(("british", "short", "named", "iso", "serial", "timed", "dotted")),
    gross=st.booleans(),
    tall=st.booleans(),
    repeat=st.sampled_from((0, 0, 2)),
    total=st.sampled_from(("", "", "Total", "Grand Total:", " ")),
    blanks=st.integers(0, 2),
)

_DATES: dict[str, Callable[[dt.date], str]] = {
    "british": lambda day: f"{day:%d/%m/%Y}",
    "short": lambda day: f"{day.day}/{day.month}/{day:%y}",
    "named": lambda day: f"{day:%d-%b-%y}",
    "iso": lambda day: f"{day:%Y-%m-%d}",
    "serial": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "timed": lambda day: f"{day:%d/%m/%Y} 00:00:00",
    "dotted": lambda day: f"{day:%d.%m.%Y}",
}


def amount_text(pence: int, form: str) -> str:
    """An amount as ledgers write it."""
    plain = f"{abs(pence) // 100}.{abs(pence) % 100:02}"
    grouped = f"{abs(pence) // 100:,}.{abs(pence) % 100:02}"
    minus = "-" if pence < 0 else ""
    return {
        "plain": f"{minus}{plain}",
        "continental": minus + grouped.translate(str.maketrans(",.", ".,")),
        "pounds": f"{minus}£{grouped}",
        "brackets": f"(£{grouped})" if minus else f"£{grouped}",
        "trailing": f"{grouped}{minus}",
        "credit": f"{grouped} CR" if minus else grouped,
        "spaced": f" {minus}£ {grouped} ",
    }[form]


def table(payments: Sequence[Payment], form: Form) -> list[list[str]]:
    """The rows of the file, as text."""
    columns = [*form.order]
    if form.gross:
        at = columns.index("amount")
        columns[at : at + 1] = ["gross", "vat", "amount"]
    names = form.headings | {"gross": "Gross", "vat": "VAT"}
    if form.gross:
        names["amount"] = "Net"
    heads = [[names[code] for code in columns]]
    if form.tall:
        parts = [name.rpartition(" ") for name in heads[0]]
        heads = [[first for first, _, _ in parts], [last for _, _, last in parts]]
    rows = [[title] for title in form.titles] + heads
    for number, payment in enumerate(payments, 1):
        rows.append(_row(payment, form, columns))
        if number == form.repeat:
            rows += heads[-1:] if not form.tall else []
    if form.total:
        sums = [""] * len(columns)
        sums[columns.index("amount")] = amount_text(sum(p.amount for p in payments), form.amounts)
        place = next(at for at, code in enumerate(columns) if code in ("service", "beneficiary"))
        sums[place] = form.total
        rows.append(sums)
    return rows + [[""] * len(columns)] * form.blanks


def _row(payment: Payment, form: Form, columns: Sequence[str]) -> list[str]:
    vat = payment.amount // 5 if payment.beneficiary.endswith("Ltd") else 0
    cells = {
        "date": _DATES[form.dates](payment.date),
        "amount": amount_text(payment.amount, form.amounts),
        "gross": amount_text(payment.amount + vat, form.amounts),
        "vat": amount_text(vat, form.amounts),
    }
    return [cells.get(code) or getattr(payment, code) for code in columns]


def write(path: Path, payments: Sequence[Payment], form: Form) -> Path:
    """The file, with the ending of its kind."""
    rows = table(payments, form)
    path = path.with_suffix(f".{form.kind}")
    if form.kind == "csv":
        path.write_bytes(_encoded(_delimited(rows, form), form.encoding))
    elif form.kind == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
            sheet = book.add_worksheet("Data")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    else:
        write_ods(path, rows)
    return path


def _delimited(rows: Sequence[Sequence[str]], form: Form) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=form.delimiter, lineterminator=form.newline).writerows(rows)
    return text.getvalue()


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "twice":
        return "\ufeff".encode().decode("cp1252").encode() + text.encode()
    return text.encode(encoding)


def write_ods(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """The smallest spreadsheet of OpenDocument."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        for row in rows
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Data">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
