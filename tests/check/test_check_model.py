"""The model gives tables, names and cells as the file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from spreadsheets import BOOK, SPEND, STYLES, add, good_parts, replace, write

from commissioning.check.reader import read_workbook
from commissioning.check.references import Area, area, letters, reference
from commissioning.check.styles import Colour, contrast
from commissioning.check.xml import unescape

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.check.model import Workbook


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    return read_workbook(write(tmp_path / "sound.xlsx", good_parts()))


def test_a_table_gives_its_rows_by_heading_with_formula_and_cached_value(
    workbook: Workbook,
) -> None:
    table = workbook.table("spendlist")
    assert table is not None
    first, second = table.rows()
    assert {heading: cell.value for heading, cell in first.items()} == {
        "Service": "Roads",
        "Cost": 2.0,
        "Twice": 4.0,
    }
    assert first["Twice"].formula == "SUM(SpendList[[#This Row],[Cost]])*2"
    assert second["Twice"].formula is None
    assert second["Cost"].reference == "B5"


def test_a_cell_that_the_file_leaves_out_of_a_table_is_empty(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(SPEND, '<c r="B5" s="3" t="n"><v>1</v></c>', "")(parts)
    table = read_workbook(write(tmp_path / "gap.xlsx", parts)).table("SpendList")
    assert table is not None
    last = list(table.rows())[-1]["Cost"]
    assert (last.reference, last.value, last.empty) == ("B5", None, True)


def test_a_totals_row_is_no_row_of_the_table(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace("xl/tables/table1.xml", "<table ", '<table totalsRowCount="1" ')(parts)
    table = read_workbook(write(tmp_path / "totals.xlsx", parts)).table("SpendList")
    assert table is not None
    assert [row["Service"].value for row in table.rows()] == ["Roads"]


def test_a_name_gives_its_cell(workbook: Workbook) -> None:
    cell = workbook.named_cell("totalcost")
    assert cell is not None
    assert cell.value == 2.0
    assert workbook.named_cell("Unknown") is None


def test_a_name_for_a_sheet_in_quotes_gives_its_cell(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(BOOK, 'name="Spend"', 'name="Year\'s end"')(parts)
    replace(BOOK, "Spend!$B$4", "'Year''s end'!$B$4")(parts)
    cell = read_workbook(write(tmp_path / "quoted.xlsx", parts)).named_cell("TotalCost")
    assert cell is not None
    assert cell.value == 2.0


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ('t="b"><v>1</v>', True),
        ('t="b"><v>0</v>', False),
        ('t="e"><v>#N/A</v>', "#N/A"),
        ('t="str"><f>A1</f><v>text</v>', "text"),
        ("><v>1.5E3</v>", 1500.0),
        ("><f>A1</f>", None),
        (
            't="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></is>',
            "two runs",
        ),
        ('t="s"><v>1</v>', "shared"),
    ],
)
def test_a_cached_value_is_read_by_its_type(xml: str, value: object, tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(SPEND, ' t="n"><v>1</v>', f" {xml}")(parts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}"><si><t>none</t></si><si><t>shared</t></si></sst>'
    add("xl/sharedStrings.xml", strings)(parts)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    replace(
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="s" Type="{kind}" Target="sharedStrings.xml"/></Relationships>',
    )(parts)
    sheet = read_workbook(write(tmp_path / "typed.xlsx", parts)).sheet("Spend")
    assert sheet is not None
    assert sheet.cell(5, 2).value == value
    assert type(sheet.cell(5, 2).value) is type(value)


def test_rows_and_cells_without_reference_follow_the_one_before(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(SPEND, '<row r="4"><c r="A4"', "<row><c")(parts)
    replace(SPEND, '<c r="B4"', "<c")(parts)
    sheet = read_workbook(write(tmp_path / "bare.xlsx", parts)).sheet("Spend")
    assert sheet is not None
    assert [sheet.cell(4, column).value for column in (1, 2, 3)] == ["Roads", 2.0, 4.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B4", Area(4, 2, 4, 2)),
        ("$A$1:$XFD$1048576", Area(1, 1, 1_048_576, 16_384)),
        ("XFE1", None),
        ("A1048577", None),
        ("A0", None),
        ("B2:A1", None),
        ("A:C", None),
        ("a1", None),
        ("A١", None),  # noqa: RUF001 - an Arabic digit
        ("", None),
    ],
)
def test_a_reference_is_an_area_inside_a_sheet_or_none(text: str, expected: Area | None) -> None:
    assert area(text) == expected


def test_columns_beyond_z_have_two_letters() -> None:
    assert [letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert reference(4, 2) == "B4"


# The figures of WCAG's own techniques and of the WebAIM contrast checker.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (Colour(0, 0, 0), Colour(255, 255, 255), 21.0),
        (Colour(0x76, 0x76, 0x76), Colour(255, 255, 255), 4.54),
        (Colour(0xFF, 0, 0), Colour(255, 255, 255), 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one: Colour, other: Colour, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_a_theme_colour_is_looked_up_and_tinted(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(STYLES, '<fgColor rgb="0012436D"/>', '<fgColor theme="4" tint="0.5"/>')(parts)
    styles = read_workbook(write(tmp_path / "theme.xlsx", parts)).styles
    # Accent 1 of the theme is #4F81BD; Excel shows it 50% lighter as #A7C0DE.
    assert str(styles.cells[2].fill) == "#A7C0DE"


def test_an_escaped_character_is_put_back() -> None:
    assert (
        unescape("a_x000A_b_xD83D__xDE00_c_xD800_")
        == "a\nb\N{GRINNING FACE}c\N{REPLACEMENT CHARACTER}"
    )
