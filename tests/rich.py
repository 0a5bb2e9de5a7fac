"""A workbook as an officer leaves it: every feature of Excel that a refresh must not lose."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import rich_parts
import rich_sheets
import rich_tracker
from rich_graft import graft
from rich_package import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlsxwriter import Workbook


class Feature(NamedTuple):
    """Something that officers do in Excel.

    Attributes:
        name: what it is.
        mark: what some part of the package holds as long as the feature is there.
        add: does it to a workbook.
    """

    name: str
    mark: bytes
    add: Callable[[Draft], None]


def _own_sheet(write: Callable[[Workbook], None]) -> Callable[[Draft], None]:
    return partial(graft, write=write)


#: In the order in which they are added; the last two are what Excel does when it saves.
FEATURES = (
    Feature("revision ids", b"xr3:uid=", rich_tracker.revision_ids),
    Feature("unknown extension", b"urn:example:council", rich_tracker.unknown_extension),
    Feature("alternative text of a table", b"altTextSummary", rich_tracker.alternative_text),
    Feature("own columns in the tracker", b'"Cost centre"', rich_tracker.own_columns),
    Feature("cells beside the tracker", b"Below the table, beside", rich_tracker.cells_beside),
    Feature("rich text", b"<t>legal</t></r>", rich_tracker.rich_text),
    Feature("texts like formulas", b'quotePrefix="1"', rich_tracker.text_like_a_formula),
    Feature("links", b"https://example.org/minutes", rich_tracker.links),
    Feature("own formats", b"FFFFC7CE", rich_tracker.formats),
    Feature("conditional formats", b'type="colorScale"', rich_tracker.conditional_formats),
    Feature("extended conditional formats", b"3Stars", rich_tracker.extended_formats),
    Feature("data validation", b'type="textLength"', rich_tracker.input_rule),
    Feature("extended data validation", b"<xm:f>Purchases!", rich_tracker.extended_input_rule),
    Feature("filter", b'<filter val="Councils"/>', rich_tracker.filtered),
    Feature("frozen panes", b'xSplit="1" ySplit="5"', rich_tracker.frozen),
    Feature("chart over the tracker", b"Actions!$A$6:$A$", _own_sheet(rich_tracker.chart)),
    Feature("formula over the tracker", b"ROWS(Actions[", _own_sheet(rich_tracker.report)),
    Feature("own table", b'displayName="Purchases"', _own_sheet(rich_sheets.contracts)),
    Feature("own formulas", b"OwnRate*Share", _own_sheet(rich_sheets.formulas)),
    Feature("ignored errors", b"numberStoredAsText", _own_sheet(rich_sheets.ignored_errors)),
    Feature("dynamic array, picture in a cell", b"XLDAPR", _own_sheet(rich_sheets.metadata)),
    Feature("sparklines", b"sparklineGroup ", _own_sheet(rich_sheets.sparklines)),
    Feature("own chart", b"trendlineType", _own_sheet(rich_sheets.own_chart)),
    Feature("chart sheet", b"<chartsheet ", _own_sheet(rich_sheets.chart_sheet)),
    Feature("picture", rich_sheets.PICTURE, _own_sheet(rich_sheets.picture)),
    Feature("header picture", rich_sheets.HEADER_PICTURE, _own_sheet(rich_sheets.header_picture)),
    Feature("text boxes", b"Read this before", _own_sheet(rich_sheets.text_boxes)),
    Feature("comments", b"Agreed with finance", _own_sheet(rich_sheets.comments)),
    Feature("threaded comments", b"<threadedComment ", rich_parts.comments),
    Feature("shapes", b'prst="star5"', rich_parts.shapes),
    Feature("slicer", b"tableSlicerCache ", rich_parts.slicer),
    Feature("pivot table", b"PivotTable1", rich_parts.pivot_table),
    Feature("custom XML", b"urn:example:records", rich_parts.custom_xml),
    Feature("printer settings", bytes(range(256)), rich_parts.printer_settings),
    Feature("shared strings", b"<sst ", rich_parts.shared_strings),
    Feature("calculation chain", b"<calcChain ", rich_parts.calculation_chain),
)
MACROS = Feature("macros", b"_\0V\0B\0A\0", rich_parts.macros)


def rich_bytes(base: bytes, *, macros: bool = False) -> bytes:
    """A commissioning workbook after an officer's work in Excel; with `macros`, an .xlsm."""
    draft, _ = _worked_on(base, macros=macros)
    return draft.zipped()


def added(base: bytes, *, macros: bool = False) -> Mapping[str, str]:
    """The parts that `rich_bytes` adds, each with the name of its feature."""
    _, parts = _worked_on(base, macros=macros)
    return parts


def present(parts: Mapping[str, bytes]) -> set[str]:
    """The names of the features that the parts of a workbook still have."""
    return {
        feature.name
        for feature in (*FEATURES, MACROS)
        if any(feature.mark in data for data in parts.values())
    }


@cache
def _worked_on(base: bytes, *, macros: bool) -> tuple[Draft, Mapping[str, str]]:
    draft = Draft(base)
    parts: dict[str, str] = {}
    for feature in (*FEATURES, *([MACROS] if macros else [])):
        before = set(draft.parts)
        feature.add(draft)
        parts |= dict.fromkeys(sorted(draft.parts.keys() - before), feature.name)
    return draft, parts
