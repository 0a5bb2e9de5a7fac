"""Made-up files of a council, imported into a workbook Plan.xlsx, and what stands in it then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from filling import blank, blank_bytes

LAYOUT = blank()

HEADINGS = "Payment Date,Service,Supplier Name,Net Amount,Transaction No,SME"
APRIL = f"""{HEADINGS}
03/04/2025,Adult Social Care,Fenbrook Care Ltd,1200.50,T1,
10/04/2025,Adult Social Care,Marrow Lane Carers,800.00,T2,Yes
11/04/2025,Highways,=1+1,300.00,T3,
12/04/2025,Highways,Redacted personal data,50.25,T4,
"""
MAY = f"""{HEADINGS}
02/05/2025,Adult Social Care,FENBROOK CARE LIMITED,2000.00,T5,
03/05/2025,Highways,Turnpike Surfacing,700.00,T6,Yes
04/05/2025,Highways,Northmoor NHS Trust,100.00,T7,
"""
REGISTER = """Contract Reference,Title,Supplier,Contract Value,Start Date,End Date,Review Date,SME
C1,Home care,Fenbrook Care Ltd,"1,200,000",01/04/2024,31/03/2027,01/12/2026,No
C2,Surfacing,Turnpike Surfacing,"£300,000",01/07/2023,30/06/2025,,Yes
007,Leaflets,Quill,TBC,01/07/2026,30/06/2029,,Yes
"""
SURVEY = """Question,Answer,Count
a,Mainly in-house,15
a,Mainly outsourced,1
a,Fairly even mix,4
b,Yes,30
b,No,10
"""


def write_files() -> None:
    """A new workbook and the files in the working folder."""
    Path("Plan.xlsx").write_bytes(blank_bytes())
    for name, text in {
        "april.csv": APRIL,
        "may.csv": MAY,
        "register.csv": REGISTER,
        "survey.csv": SURVEY,
    }.items():
        Path(name).write_text(text, encoding="utf-8")


def table(name: str, key: str) -> dict[Any, dict[str, Any]]:
    """The rows of a table in the workbook by the heading of their key, formulas worked out."""
    sheet = LAYOUT.sheet_of(name)
    found = openpyxl.load_workbook("Plan.xlsx", data_only=True)[sheet.name]
    headings = [cell.value for cell in found[sheet.header_row]]
    rows = found.iter_rows(min_row=sheet.header_row + 1, values_only=True)
    named = (dict(zip(map(str, headings), row, strict=True)) for row in rows)
    return {row[key]: row for row in named if row[key] is not None}


def type_in(name: str, key: str, wanted: object, heading: str, value: Any) -> None:  # noqa: ANN401 - a cell holds any
    """Type into a cell of the workbook."""
    sheet, column = LAYOUT.sheet_of(name), LAYOUT.tables[name].position(heading)
    book = openpyxl.load_workbook("Plan.xlsx")
    keys = LAYOUT.tables[name].position(key)
    for row in book[sheet.name].iter_rows(min_row=sheet.header_row + 1):
        if row[keys - 1].value == wanted:
            row[column - 1].value = value
    book.save("Plan.xlsx")
