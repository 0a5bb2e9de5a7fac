"""Each rule of the lint catches a file broken for it, and a sound file has no findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from spreadsheets import (
    BOOK,
    BOOK_LINKS,
    CORE,
    COVER,
    DRAWING,
    NOTES,
    NOTES_TABLE,
    OFFICE,
    SPEND,
    SPEND_LINKS,
    SPEND_TABLE,
    STYLES,
    TYPES,
    Mutation,
    add,
    all_of,
    good_parts,
    replace,
    write,
)

from commissioning.check import lint
from commissioning.check.findings import MOST_FINDINGS, RULES, Finding
from commissioning.check.reader import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

FORMULA = "SUM(SpendList[[#This Row],[Cost]])*2"
LAST_CELL = '<c r="C5" s="3" t="n"><v>2</v></c>'
DECORATIVE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext uri="u">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'val="1"/></a:ext>'
)
LINK_FORMULA = '<c r="C5" s="3" t="str"><f>HYPERLINK("a")</f><v>here</v></c>'
NAME = '<definedName name="TotalCost">Spend!$B$4</definedName>'
SHAPE = (
    "<oneCellAnchor><from><col>0</col><colOff>0</colOff><row>9</row><rowOff>0</rowOff></from>"
    '<ext cx="1" cy="1"/><sp><nvSpPr><cNvPr id="9" name="Box"/><cNvSpPr/></nvSpPr><spPr/><txBody>'
    '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r><a:t>Important</a:t>'
    "</a:r></a:p></txBody></sp><clientData/></oneCellAnchor></wsDr>"
)


def formula(text: str) -> Mutation:
    """Put a formula into the table's last cell, in which nothing else is wrong."""
    return replace(SPEND, LAST_CELL, f'<c r="C5" s="3"><f>{text}</f><v>2</v></c>')


def name(text: str) -> Mutation:
    """Add a defined name."""
    return replace(BOOK, NAME, NAME + text)


def merge(*refs: str) -> Mutation:
    """Merge cells of the sheet Spend."""
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return replace(SPEND, "</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")


def related(kind: str, target: str, more: str = "") -> Mutation:
    """Add a relationship to the workbook's part."""
    link = f'<Relationship Id="new" Type="{OFFICE}/{kind}" Target="{target}" {more}/>'
    return replace(BOOK_LINKS, "</Relationships>", f"{link}</Relationships>")


def typed(part: str) -> Mutation:
    """Declare a content type for a part."""
    return replace(TYPES, "</Types>", f'<Override PartName="/{part}" ContentType="a/b"/></Types>')


def chain(entries: str) -> Mutation:
    """Add a calculation chain."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return all_of(
        add("xl/calcChain.xml", f'<calcChain xmlns="{namespace}">{entries}</calcChain>'),
        related("calcChain", "calcChain.xml"),
        typed("xl/calcChain.xml"),
    )


def rows_below(column: str) -> Mutation:
    """Add a heading and a row to the sheet Spend in rows 12 and 13."""
    heading, text = cell(f"{column}12", "Service"), cell(f"{column}13", "Parks")
    return replace(
        SPEND,
        "</sheetData>",
        f'<row r="12">{heading}</row><row r="13">{text}</row></sheetData>',
    )


def second_table(ref: str) -> Mutation:
    """Add a table of the one column Service to the sheet Spend."""
    text = good_parts()[SPEND_TABLE].decode()
    text = text.replace('id="1"', 'id="9"', 1).replace("SpendList", "More")
    start = text.index("<autoFilter")
    columns = '<tableColumns count="1"><tableColumn id="1" name="Service"/></tableColumns></table>'
    return all_of(
        add("xl/tables/table3.xml", text[:start].replace("A3:C5", ref) + columns),
        replace(
            SPEND_LINKS,
            "</Relationships>",
            f'<Relationship Id="t" Type="{OFFICE}/table" Target="../tables/table3.xml"/>'
            "</Relationships>",
        ),
        typed("xl/tables/table3.xml"),
    )


def cell(ref: str, text: str) -> str:
    """A cell with text."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


#: Rule -> mutations, each of which makes it fire, with the rules that cannot but fire as well.
BROKEN: dict[str, list[tuple[Mutation, set[str]]]] = {
    "table-range": [
        (replace(SPEND_TABLE, 'ref="A3:C5" header', 'ref="A3:XFE5" header'), set()),
        (
            all_of(
                replace(SPEND_TABLE, 'ref="A3:C5" header', 'ref="A3:C3" header'),
                replace(SPEND_TABLE, 'Filter ref="A3:C5"', 'Filter ref="A3:C3"'),
            ),
            set(),
        ),
        (
            all_of(
                replace(SPEND_TABLE, '<tableColumn id="3" name="Twice"/>', ""),
                replace(SPEND, FORMULA, "B4*2"),
            ),
            set(),
        ),
    ],
    "table-overlap": [(second_table("A3:A5"), {"tables-per-sheet"})],
    "table-header-row": [
        (replace(SPEND, "<t>Cost</t>", "<t>Costs</t>"), set()),
        (replace(SPEND, 'r="B3" s="2" t="inlineStr"><is><t>Cost</t></is>', 'r="B3" s="2">'), set()),
        (
            all_of(
                replace(
                    SPEND,
                    't="inlineStr"><is><t>Cost</t></is>',
                    't="n"><v>2024</v>',
                ),
                replace(SPEND_TABLE, 'name="Cost"', 'name="2024"'),
                replace(SPEND, "[Cost]", "[2024]"),
            ),
            set(),
        ),
    ],
    "table-column-duplicate": [
        (
            all_of(
                replace(SPEND_TABLE, 'name="Twice"', 'name="COST"'),
                replace(SPEND, "<t>Twice</t>", "<t>COST</t>"),
            ),
            set(),
        ),
        (replace(SPEND_TABLE, '<tableColumn id="3"', '<tableColumn id="2"'), set()),
    ],
    "table-duplicate": [
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="SPENDLIST"'), set()),
        (replace(NOTES_TABLE, 'id="2" name="NotesList"', 'id="1" name="NotesList"'), set()),
    ],
    "table-name-invalid": [
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="Notes List"'), set()),
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="AB12"'), set()),
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="R1C1"'), set()),
        (replace(NOTES_TABLE, 'displayName="NotesList"', f'displayName="{"N" * 256}"'), set()),
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="totalcost"'), set()),
    ],
    "table-filter": [(replace(SPEND_TABLE, 'Filter ref="A3:C5"', 'Filter ref="A3:C4"'), set())],
    "merge-overlap": [
        (merge("A4:A5"), {"merged-cells"}),
        (merge("A12:B13", "B13:C14"), {"merged-cells"}),
        (merge("A12:ZZZZ13"), {"merged-cells"}),
    ],
    "cell-reference": [
        (replace(SPEND, '<c r="C5"', '<c r="XFE5"'), set()),
        (replace(SPEND, '<c r="C5"', '<c r="C6"'), set()),
        (replace(SPEND, '<row r="9"', '<row r="1048577"'), set()),
    ],
    "cell-duplicate": [(replace(SPEND, '<c r="C5" s="3"', '<c r="B5" s="3"'), set())],
    "row-order": [
        (
            replace(SPEND, "</sheetData>", '<row r="2"/></sheetData>'),
            set(),
        ),
        (replace(SPEND, "</sheetData>", '<row r="9"/></sheetData>'), set()),
    ],
    "cell-order": [(replace(SPEND, '<c r="A8"', '<c r="B8" s="0"/><c r="A8"'), set())],
    "cell-value": [
        (replace(SPEND, "<v>1</v>", "<v>one</v>"), set()),
        (replace(SPEND, 't="n"><v>1</v>', 't="b"><v>yes</v>'), set()),
        (replace(SPEND, 't="n"><v>1</v>', 't="x"><v>1</v>'), set()),
    ],
    "cell-text": [(replace(SPEND, "<t>Parks</t>", f"<t>{'P' * 32_768}</t>"), set())],
    "string-index": [
        (replace(SPEND, 't="inlineStr"><is><t>Parks</t></is>', 't="s"><v>7</v>'), set())
    ],
    "style-index": [
        (replace(SPEND, '<c r="C5" s="3"', '<c r="C5" s="4"'), set()),
        (replace(SPEND, '<c r="C5" s="3"', '<c r="C5" s="?"'), set()),
        (replace(SPEND, '<row r="9"', '<row r="9" s="4"'), set()),
        (
            replace(
                SPEND, "<sheetData>", '<cols><col min="9" max="9" style="4"/></cols><sheetData>'
            ),
            set(),
        ),
        (replace(STYLES, 'fontId="1"', 'fontId="3"'), {"title-size"}),
    ],
    "dxf-index": [
        (replace(SPEND, 'dxfId="0"', 'dxfId="1"'), set()),
        (replace(SPEND_TABLE, "<tableColumn ", '<tableColumn dataDxfId="1" '), set()),
    ],
    "validation-length": [
        (replace(SPEND, '"Roads,Parks"', f'"{"R" * 256}"'), set()),
        (replace(SPEND, 'promptTitle="Service"', f'promptTitle="{"S" * 33}"'), set()),
    ],
    "validation-name": [
        (replace(SPEND, '"Roads,Parks"', "between"), set()),
        (replace(SPEND, '"Roads,Parks"', "Nobody.knows"), set()),
    ],
    "formula-unbalanced": [
        (formula(text), set())
        for text in ("SUM((1)", "1)", 'LEN("a)', "'Spend!B4", "SpendList[[Cost]", "{1,2", "B4]")
    ],
    "formula-length": [(formula("+".join(["1"] * 4_100)), set())],
    "formula-display-form": [
        (formula("SpendList[@Cost]"), set()),
        (formula("@B4:B5"), set()),
        (formula("B4#"), set()),
    ],
    "formula-prefix": [
        (formula(f"{function}(B4)"), set())
        for function in ("XLOOKUP", "LET", "FILTER", "NORM.S.INV", "IFS", "CONCAT", "TextJoin")
    ],
    "formula-sheet": [
        (formula("Missing!B4"), set()),
        (formula("'Not here'!B4"), set()),
        (name('<definedName name="Lost">Missing!$A$1</definedName>'), set()),
    ],
    "formula-table": [
        (formula("SUM(Missing[Cost])"), set()),
        (formula("SUM(SpendList[[#All],[Missing]])"), set()),
    ],
    "name-invalid": [
        (name(f'<definedName name="{text}">1</definedName>'), set())
        for text in ("1st", "A1", "Two words", "c", "N" * 256)
    ],
    "name-duplicate": [(name('<definedName name="TOTALCOST">1</definedName>'), set())],
    "name-scope": [(name('<definedName name="Local" localSheetId="3">1</definedName>'), set())],
    "name-target": [
        (name('<definedName name="Lost">#REF!$A$1</definedName>'), set()),
        (name('<definedName name="Lost"/>'), set()),
    ],
    "sheet-name-invalid": [
        (replace(BOOK, 'name="Cover"', f'name="{text}"'), set())
        for text in ("", "C" * 32, "Co/ver", "'Cover", "History")
    ],
    "sheet-duplicate": [
        (replace(BOOK, 'name="Cover"', 'name="SPEND"'), set()),
        (replace(BOOK, 'sheetId="1"', 'sheetId="2"'), set()),
    ],
    "sheet-part": [
        (replace(BOOK, 'r:id="rId1"', 'r:id="rId4000"'), {"relationship-unknown"}),
        (replace(BOOK, 'r:id="rId1"', 'r:id="rId2"'), set()),
    ],
    "sheet-visible": [(all_of(*[replace(BOOK, 'state="visible"', 'state="hidden"')] * 3), set())],
    "active-tab": [(replace(BOOK, 'activeTab="0"', 'activeTab="3"'), set())],
    "calculation-chain": [
        (chain('<c r="C4" i="2"/><c r="C5"/>'), set()),
        (chain('<c r="C4" i="4"/>'), set()),
    ],
    "content-type": [
        (add("xl/new.unknown", "text"), set()),
        (replace(TYPES, 'PartName="/xl/tables/table1.xml"', 'PartName="/xl/gone.xml"'), set()),
    ],
    "relationship-missing": [(related("theme", "theme/theme2.xml"), set())],
    "relationship-duplicate": [
        (all_of(related("theme", "theme/theme1.xml"), related("theme", "theme/theme1.xml")), set())
    ],
    "relationship-unknown": [
        (replace(SPEND, 'ref="A8" r:id="rId1"', 'ref="A8" r:id="rId9"'), set()),
    ],
    "error-value": [(replace(SPEND, 't="n"><v>1</v>', 't="e"><v>#N/A</v>'), set())],
    "external-link": [(related("externalLinkPath", "other.xlsx", 'TargetMode="External"'), set())],
    "external-reference": [
        (formula("[1]Sheet!A1"), set()),
        (formula("'[1]My sheet'!A1"), set()),
        (formula("[1]!Name"), set()),
        (name('<definedName name="Away">[1]Sheet!$A$1</definedName>'), set()),
    ],
    "sheet-table": [
        (replace(COVER, "</row></sheetData>", f"{cell('B2', 'More')}</row></sheetData>"), set())
    ],
    "table-headings": [
        (
            replace(SPEND_TABLE, 'headerRowCount="1"', 'headerRowCount="0"'),
            set(),
        ),
        (
            all_of(
                replace(SPEND_TABLE, 'name="Twice"', 'name=" "'),
                replace(SPEND, "<t>Twice</t>", "<t> </t>"),
            ),
            set(),
        ),
        (
            all_of(
                replace(SPEND_TABLE, 'name="Twice"', 'name="Cost "'),
                replace(SPEND, "<t>Twice</t>", "<t>Cost </t>"),
            ),
            set(),
        ),
    ],
    "table-name": [
        (replace(NOTES_TABLE, 'displayName="NotesList"', 'displayName="Table2"'), set())
    ],
    "table-column-a": [(all_of(second_table("B12:B13"), rows_below("B")), {"tables-per-sheet"})],
    "table-blank-row": [
        (
            all_of(
                replace(SPEND_TABLE, 'ref="A3:C5" header', 'ref="A3:C6" header'),
                replace(SPEND_TABLE, 'Filter ref="A3:C5"', 'Filter ref="A3:C6"'),
            ),
            set(),
        )
    ],
    "text-wrap": [
        (
            replace(
                SPEND,
                '<c r="A5" s="3" t="inlineStr"><is><t>',
                f'<c r="A5" t="inlineStr"><is><t>{"long " * 9}',
            ),
            set(),
        )
    ],
    "merged-cells": [(merge("A12:B12"), set())],
    "sheet-title": [
        (replace(COVER, "<t>Spend by service</t>", "<t> </t>"), set()),
        (
            replace(
                COVER, 'r="A1" s="1" t="inlineStr"><is><t>Spend by service</t></is>', 'r="A1">'
            ),
            set(),
        ),
    ],
    "notes-listed": [
        (replace(COVER, "[note 1]", "[note 2]"), set()),
        (replace(NOTES, "<t>note 1</t>", "<t>note 2</t>"), set()),
    ],
    "link-text": [
        *(
            (replace(SPEND, "Roads policy of the council", text), set())
            for text in ("https://example.org/roads", "www.example.org", "Click here", "Link.")
        ),
        (replace(SPEND, LAST_CELL, LINK_FORMULA), set()),
    ],
    "text-box": [(replace(DRAWING, "</wsDr>", SHAPE), set())],
    "header-footer": [
        (
            replace(
                SPEND,
                "<drawing ",
                "<headerFooter><oddHeader>&amp;LOfficial</oddHeader></headerFooter><drawing ",
            ),
            set(),
        )
    ],
    "alternative-text": [(replace(DRAWING, 'descr="Roads cost most"', ""), set())],
    "contrast": [
        (replace(STYLES, '<fgColor rgb="0012436D"/>', '<fgColor rgb="00F46A25"/>'), set()),
        (replace(STYLES, '<bgColor rgb="0012436D"/>', '<bgColor theme="4" tint="0.4"/>'), set()),
    ],
    "document-title": [(replace(CORE, ">Spend by service<", "><"), set())],
    "document-language": [(replace(CORE, ">en-GB<", "><"), set())],
    "opens-first": [(replace(BOOK, 'activeTab="0"', 'activeTab="1"'), set())],
    "cursor-a1": [
        (replace(SPEND, 'activeCell="A1"', 'activeCell="B7"'), set()),
        (replace(SPEND, "<sheetView ", '<sheetView topLeftCell="A20" '), set()),
    ],
    "tables-per-sheet": [(all_of(second_table("A12:A13"), rows_below("A")), set())],
    "hidden": [
        (replace(SPEND, '<row r="9"', '<row r="9" hidden="1"'), set()),
        (
            replace(
                SPEND,
                "<sheetData>",
                '<cols><col min="9" max="10" width="9" hidden="1"/></cols><sheetData>',
            ),
            set(),
        ),
    ],
    "frozen-panes": [
        (
            replace(
                SPEND,
                "<selection ",
                '<pane ySplit="3" activePane="topLeft" state="frozen"/><selection ',
            ),
            set(),
        )
    ],
    "font-sans": [
        (replace(STYLES, '<name val="Arial"/><b val="1"/><sz', '<name val="Georgia"/><sz'), set()),
        (replace(STYLES, '<family val="2"/>', '<family val="1"/>'), set()),
    ],
    "font-size": [(replace(STYLES, '<sz val="11"/><scheme', '<sz val="9"/><scheme'), set())],
    "font-italic": [(replace(STYLES, '<b val="1"/><sz', "<i/><sz"), set())],
    "title-size": [(replace(STYLES, '<sz val="14"/>', '<sz val="11"/>'), set())],
}

CASES = [
    pytest.param(rule, mutation, others, id=f"{rule}-{number}")
    for rule, mutations in BROKEN.items()
    for number, (mutation, others) in enumerate(mutations, 1)
]


def rules_that_fire(path: Path) -> set[str]:
    return {finding.rule for finding in lint(read_workbook(path))}


def test_a_sound_workbook_has_no_findings(tmp_path: Path) -> None:
    assert lint(read_workbook(write(tmp_path / "sound.xlsx", good_parts()))) == []


@pytest.mark.parametrize(("rule", "mutation", "others"), CASES)
def test_a_rule_catches_the_file_broken_for_it_and_no_other_does(
    rule: str, mutation: Mutation, others: set[str], tmp_path: Path
) -> None:
    parts = dict(good_parts())
    mutation(parts)
    assert rules_that_fire(write(tmp_path / "broken.xlsx", parts)) == {rule, *others}


PAGE_NUMBERS = "<headerFooter><oddFooter>&amp;CPage &amp;P of &amp;N</oddFooter></headerFooter>"
ALLOWED = {
    "page-numbers": replace(SPEND, "<drawing ", f"{PAGE_NUMBERS}<drawing "),
    "chain": chain('<c r="C4" i="2"/>'),
    "array": all_of(
        replace(SPEND, LAST_CELL, '<c r="C5" s="3"><f t="array" ref="C5:C6">1</f><v>1</v></c>'),
        chain('<c r="C4" i="2"/><c r="C5"/><c r="C6"/>'),
    ),
    "totals": all_of(
        replace(SPEND_TABLE, 'ref="A3:C5" header', 'ref="A3:C6" totalsRowCount="1" header'),
        replace(SPEND, '<row r="8">', f'<row r="6">{cell("A6", "Total")}</row><row r="8">'),
    ),
    "print-titles": name(
        '<definedName name="_xlnm.Print_Titles" localSheetId="1">Spend!$1:$3</definedName>'
    ),
    "local-name": name('<definedName name="TotalCost" localSheetId="1">1</definedName>'),
    "names": name(
        "".join(
            f'<definedName name="{text}">1</definedName>'
            for text in ("XFE1", "_a.b", "Été", "Rate")
        )
    ),
    "own-workbook": formula("[0]!TotalCost"),
    "prefixed": formula("_xlfn.XLOOKUP(1,SpendList[Cost],SpendList[Twice])"),
    "old-functions": formula("NETWORKDAYS.INTL(1,2)+SUMIFS(B4:B5,B4:B5,1)"),
    "inner-link": all_of(
        replace(SPEND, 'ref="A8" r:id="rId1"', 'ref="A8" location="Cover!A1"'),
        replace(SPEND, 'ref="A8"', 'ref="A9" location="Cover!A1"/><hyperlink ref="A8"'),
    ),
    "empty-shape": replace(DRAWING, "</wsDr>", SHAPE.replace("Important", "")),
    "decorative": all_of(
        replace(DRAWING, 'descr="Roads cost most"/>', f"><a:extLst {DECORATIVE}</a:extLst></cNvPr>")
    ),
    "grey-on-unknown": replace(STYLES, '<fgColor rgb="0012436D"/>', '<fgColor indexed="22"/>'),
    "escaped-heading": all_of(
        replace(SPEND_TABLE, 'name="Twice"', 'name="Twice_x000a_over"'),
        replace(SPEND, "<t>Twice</t>", "<t>Twice&#10;over</t>"),
    ),
}


@pytest.mark.parametrize("mutation", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_is_allowed_is_not_found(mutation: Mutation, tmp_path: Path) -> None:
    parts = dict(good_parts())
    mutation(parts)
    assert lint(read_workbook(write(tmp_path / "sound.xlsx", parts))) == []


def test_a_finding_names_the_cell_and_the_remedy(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(SPEND, 't="n"><v>1</v>', 't="e"><v>#N/A</v>')(parts)
    assert lint(read_workbook(write(tmp_path / "broken.xlsx", parts))) == [
        Finding("error-value", "Spend!B5", "the cell shows #N/A", RULES["error-value"].remedy)
    ]


def test_a_fault_in_many_places_is_shown_in_some_and_counted(tmp_path: Path) -> None:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="e"><v>#N/A</v></c></row>' for row in range(10, 1_000)
    )
    parts = dict(good_parts())
    replace(SPEND, "</sheetData>", f"{cells}</sheetData>")(parts)
    findings = lint(read_workbook(write(tmp_path / "broken.xlsx", parts)))
    assert len(findings) == MOST_FINDINGS + 1
    assert findings[-1].message == f"the same in {990 - MOST_FINDINGS} more places"


def test_control_characters_of_the_file_do_not_reach_a_message(tmp_path: Path) -> None:
    parts = dict(good_parts())
    replace(SPEND, "<t>Cost</t>", "<t>_x001B_[31mCost</t>")(parts)
    finding = lint(read_workbook(write(tmp_path / "broken.xlsx", parts)))[0]
    assert finding.message.isprintable()


def test_every_rule_has_a_broken_file() -> None:
    assert set(BROKEN) == set(RULES)
