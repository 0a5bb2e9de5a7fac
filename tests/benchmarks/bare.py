"""A bare openpyxl script: the measure that `template.py` holds `localis template` against.

Usage: python bare.py CONTENT.json FILE, with the content as `template.py` reads it from a workbook.
"""

import json
import sys
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.table import Table


def main(content: Path, file: Path) -> None:
    """Write the cells, formulas and tables that the content holds, and as many charts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in json.loads(content.read_text(encoding="utf-8")):
        page = book.create_sheet(sheet["title"])
        for row, column, value in sheet["cells"]:
            page.cell(row, column, value)
        for name, ref in sheet["tables"]:
            page.add_table(Table(displayName=name, ref=ref))
        for _ in range(sheet["charts"]):
            chart = BarChart()
            chart.add_data(Reference(page, min_col=2, min_row=2, max_row=6))
            page.add_chart(chart, "H2")
    book.save(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
