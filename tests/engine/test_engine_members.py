"""The contract with xlwings: which of its members a closed file has, and which say they have not.

The table names what there is; whatever else a base class declares must raise the one error. A new
version of xlwings that adds or removes a member changes `LACKING` and fails here.
"""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING

import pytest
from closed import made, spending
from xlwings import base_classes

from commissioning.engine import book, open_book, tables
from commissioning.engine import range as ranges
from commissioning.engine.unavailable import UNAVAILABLE, public_members
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

IMPLEMENTED = {
    "Apps": "__iter__ __len__ keys",
    "App": """books calculate calculation display_alerts enable_events pid screen_updating
        status_bar version""",
    "Books": "__call__ __iter__ __len__ active",
    "Book": "api app fullname name names sheets",
    "Sheets": "__call__ __iter__ __len__",
    "Sheet": "api book cells index name range tables used_range",
    "Range": """__call__ __len__ add_hyperlink address api autofill autofit column formula
        get_address hyperlink max_cells_per_read max_cells_per_write number_format raw_value
        row row_height shape""",
    "Names": "__call__ __len__ contains snapshot",
    "Name": "name refers_to refers_to_range",
    "Tables": "",
    "Table": """api columns data_body_range display_name header_row_range insert_row_range name
        parent range resize rows show_headers show_totals totals_row_range""",
    "TableRows": "__call__ __iter__ __len__ add api parent",
    "TableRow": "index range",
    "TableColumns": "",
    "TableColumn": "data_body_range index name range",
}
LACKING = {
    "Apps": "__getitem__ add cleanup",
    "App": """activate alert api cut_copy_mode get_selection hwnd interactive kill path quit run
        selection startup_path visible xl""",
    "Books": "add api get_active open",
    "Book": "activate close flush get_comments json load save to_pdf",
    "Sheets": "active add api get_active",
    "Sheet": """activate autofit charts clear clear_contents clear_formats comments copy delete
        freeze_panes get_comments get_used_range load move name= names notes page_setup pictures
        select shapes show_gridlines to_html visible""",
    "Range": """add_comment add_note adjust_indent autofilter borders characters
        clear clear_contents clear_formats color column_hidden column_width columns comment
        conditional_formats coords copy copy_from copy_picture current_region data_validation
        delete end expand find font formula2 formula_array get_async_pipeline_overrides
        get_color get_colors get_column_hidden get_column_width get_comment
        get_conditional_formats get_current_region get_data_validation get_expanded_range
        get_formula get_formula_array get_height get_horizontal_alignment get_hyperlink get_left
        get_merge_area get_merge_cells get_number_format get_row_height get_row_hidden
        get_special_cells get_table get_top get_vertical_alignment get_width get_wrap_text group
        has_array height horizontal_alignment insert left merge merge_area merge_cells move name
        note paste remove_duplicates replace_all row_hidden rows select set_colors
        sort table to_pdf to_png top ungroup unmerge vertical_alignment width wrap_text""",
    "Names": "add",
    "Name": "delete name=",
    "Tables": "add",
    "Table": """autofilter display_name= name= show_autofilter show_headers=
        show_table_style_column_stripes show_table_style_first_column
        show_table_style_last_column show_table_style_row_stripes show_totals= sort table_style""",
    "TableRows": "__contains__ get_count",
    "TableRow": "delete get_range",
    "TableColumns": "add get_count",
    "TableColumn": "delete get_data_body_range get_range",
}
CLASSES = {
    name: found
    for module in (book, ranges, tables)
    for name, found in vars(module).items()
    if name in IMPLEMENTED and inspect.isclass(found)
}
#: The base classes that are reached only through members that a closed file lacks.
UNREACHED = """
    AutoFilter Border Borders Characters Chart ChartAxis ChartLegend ChartSeries
    ChartSeriesCollection Charts Collection Comment CommentReply ConditionalFormat
    ConditionalFormats DataValidation Font FreezePanes Note PageSetup Picture Pictures PivotField
    PivotFields PivotTable PivotTables PivotValueField PivotValueFields Shape
"""


def test_every_base_class_has_an_implementation_or_cannot_be_reached() -> None:
    declared = {
        name
        for name, found in vars(base_classes).items()
        if inspect.isclass(found) and found.__module__ == base_classes.__name__
    }
    assert declared - {"_Unset"} == IMPLEMENTED.keys() | set(UNREACHED.split())


@pytest.mark.parametrize("name", IMPLEMENTED)
def test_every_member_of_a_base_class_is_implemented_or_declared_lacking(name: str) -> None:
    lacking = set(LACKING[name].split())
    assert {member.replace(" ", "") for member in UNAVAILABLE[name]} == lacking
    declared = set(public_members(getattr(base_classes, name)))
    assert declared - lacking == set(IMPLEMENTED[name].split())


@pytest.mark.parametrize(
    ("name", "member"),
    [(name, member) for name, lacking in LACKING.items() for member in lacking.split()],
)
def test_a_lacking_member_raises_the_one_error(name: str, member: str) -> None:
    found = inspect.getattr_static(CLASSES[name], member.removesuffix("="))
    if isinstance(found, property):
        call = found.fset if member.endswith("=") else found.fget
    else:
        call = found
    assert isinstance(call, FunctionType)
    expected = rf"^{name}\.{member.removesuffix('=')} is not available for a closed file; open the"
    with pytest.raises(WorkbookError, match=expected):
        call(None)


def test_a_lacking_member_of_xlwings_own_objects_raises_and_names_the_file(tmp_path: Path) -> None:
    opened = open_book(made(tmp_path / "a.xlsx", spending))
    sheet = opened.sheets["Data"]
    table = sheet.tables["Spending"]
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Range\.merge is not available"):
        sheet["A1:B2"].merge()
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Sheet\.charts is not available"):
        sheet.charts  # noqa: B018 - reading it is what raises
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Sheet\.name is not available"):
        sheet.name = "Other"
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Book\.save is not available"):
        opened.save()
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Names\.add is not available"):
        opened.names.add("Other", "=1")
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: Table\.table_style is not available"):
        table.table_style  # noqa: B018
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: TableColumns\.add is not available"):
        table.columns.add("Other")
    with pytest.raises(WorkbookError, match=r"^a\.xlsx: App\.quit is not available"):
        opened.app.quit()
