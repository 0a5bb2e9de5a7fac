"""What an officer does to the sheet of the tracker itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from commissioning.evidence.pack import load
from rich_package import MAIN, OFFICE, Draft, add_all, add_style, fragment, place, section

if TYPE_CHECKING:
    from lxml.etree import _Element
    from xlsxwriter import Workbook

HEADER = 5
ROWS = range(HEADER + 1, HEADER + 1 + len(load().actions))
_FIRST, _LAST = ROWS[0], ROWS[-1]

#: The column that the officer inserts, and the one that they add at the end of the table.
OWN, OWN_FORMULA = "Cost centre", "Group"
#: The number of the inserted column.
_INSERTED = 6
_CELL = re.compile(r"\b([A-Z]{1,2})(\d+)\b")
_IDS = "Actions[Action id]"
#: The formula of the column at the end.
GROUP = "LEFT(Actions[[#This Row],[Action id]],2)"

_GUID = "{{0A1B2C3D-0000-4000-8000-{:012d}}}"


def revision_ids(draft: Draft) -> None:
    """The attributes that newer versions of Excel add to sheet, rows and table."""
    declared = " ".join(
        f'xmlns:{prefix}="http://schemas.microsoft.com/office/spreadsheetml/{address}"'
        for prefix, address in {
            "x14ac": "2009/9/ac",
            "xr": "2014/revision",
            "xr3": "2016/revision3",
        }.items()
    )
    declared += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    declared += f' mc:Ignorable="x14ac xr xr3" xr:uid="{_GUID.format(1)}"'
    for part, root in ((_sheet(draft), "worksheet"), (_table(draft), "table")):
        draft.parts[part] = draft.parts[part].replace(
            f"<{root} ".encode(), f"<{root} {declared} ".encode(), 1
        )
    with draft.edit(_sheet(draft)) as sheet:
        for row in sheet.iter(f"{MAIN}row"):
            row.set(f"{{{sheet.nsmap['x14ac']}}}dyDescent", "0.25")
    with draft.edit(_table(draft)) as table:
        for number, column in enumerate(table.iter(f"{MAIN}tableColumn"), 10):
            column.set(f"{{{table.nsmap['xr3']}}}uid", _GUID.format(number))


def unknown_extension(draft: Draft) -> None:
    """Something that another program keeps in the sheet."""
    register = '<oc:register xmlns:oc="urn:example:council" reviewed="2026-11-22"/>'
    with draft.edit(_sheet(draft)) as sheet:
        add_all(sheet, "extLst", f'<ext uri="{_GUID.format(2)}">{register}</ext>')


def alternative_text(draft: Draft) -> None:
    """The table described for those who do not see it."""
    text = '<x14:table altText="Tracker" altTextSummary="Who does what by when"/>'
    extension = f'<ext uri="{{504A1905-F514-4f6f-8877-14C23A59335A}}">{text}</ext>'
    with draft.edit(_table(draft)) as table:
        table.append(fragment(f"<extLst>{extension}</extLst>"))


def own_columns(draft: Draft) -> None:
    """A column inserted into the table, and a calculated one at its end."""
    text = add_style(draft, "cellXfs", '<xf numFmtId="49" fontId="1" fillId="0" borderId="0"/>')
    with draft.edit(_table(draft)) as table:
        columns = section(table, "tableColumns")
        inserted = f'<tableColumn id="{len(columns) + 1}" name="{OWN}"/>'
        columns.insert(_INSERTED - 1, fragment(inserted))
        formula = f"<calculatedColumnFormula>{GROUP}</calculatedColumnFormula>"
        last = f'<tableColumn id="{len(columns) + 1}" name="{OWN_FORMULA}">{formula}</tableColumn>'
        add_all(table, "tableColumns", last)
        end = get_column_letter(len(columns))
        for ranged in (table, section(table, "autoFilter")):
            ranged.set("ref", f"A{HEADER}:{end}{_LAST}")
    own = get_column_letter(_INSERTED)
    with draft.edit(_sheet(draft)) as sheet:
        _make_room(sheet, column_index_from_string(end))
        style = _cell(sheet, f"A{HEADER}").get("s", "")
        _put(sheet, f"{own}{HEADER}", _text(OWN), style)
        _put(sheet, f"{end}{HEADER}", _text(OWN_FORMULA), style)
        for row, action in zip(ROWS, load().actions, strict=True):
            _put(sheet, f"{own}{row}", _text(f"00{row:03d}"), text)
            _put(sheet, f"{end}{row}", f"<f>{GROUP}</f><v>{action.action[:2]}</v>", text, "str")


def cells_beside(draft: Draft) -> None:
    """Cells of every type beside the table, below its last row too."""
    lengths = [len(action.action) for action in load().actions]
    dated = add_style(draft, "cellXfs", '<xf numFmtId="14" fontId="1" fillId="0" borderId="0"/>')
    beside = _beside(draft)
    cells = {
        5: (_text("Own workings"), "inlineStr"),
        6: (f'<f t="shared" ref="{beside}6:{beside}8" si="0">LEN(A6)</f><v>{lengths[0]}</v>', "n"),
        7: (f'<f t="shared" si="0"/><v>{lengths[1]}</v>', "n"),
        8: (f'<f t="shared" si="0"/><v>{lengths[2]}</v>', "n"),
        9: (f"<f>ROWS({_IDS})</f><v>{len(lengths)}</v>", "n"),
        10: (f'<f t="array" ref="{beside}10">SUM(LEN({_IDS}))</f><v>{sum(lengths)}</v>', "n"),
        11: ("<v>#N/A</v>", "e"),
        12: ("<v>1</v>", "b"),
        13: ("<v>123456789012345</v>", "n"),
        14: (_text("000123"), "inlineStr"),
        15: ("<v>46348.5</v>", "n"),
        _LAST + 3: (_text("  Below the table, beside it  "), "inlineStr"),
    }
    with draft.edit(_sheet(draft)) as sheet:
        for number, (content, kind) in cells.items():
            _put(sheet, f"{beside}{number}", content, dated if number == 15 else 0, kind)
        section(sheet, "dimension").set("ref", f"A1:{beside}{_LAST + 3}")
        for row in section(sheet, "sheetData"):
            row.set("spans", f"1:{column_index_from_string(beside)}")


def rich_text(draft: Draft) -> None:
    """A word in bold in a note."""
    bold = '<rPr><b/><sz val="11"/><color rgb="FF801650"/><rFont val="Arial"/></rPr>'
    note = f'<is><r><t xml:space="preserve">Ask </t></r><r>{bold}<t>legal</t></r></is>'
    with draft.edit(_sheet(draft)) as sheet:
        _put(sheet, f"{_letters(draft)['Notes input']}7", note, 0)


def text_like_a_formula(draft: Draft) -> None:
    """A note typed with an apostrophe before its equals sign."""
    quoted = add_style(
        draft, "cellXfs", '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" quotePrefix="1"/>'
    )
    with draft.edit(_sheet(draft)) as sheet:
        _put(sheet, f"{_letters(draft)['Notes input']}8", _text("=1+1 is a text here"), quoted)


def links(draft: Draft) -> None:
    """Links to a page and to a place in the workbook."""
    evidence = _letters(draft)["Evidence input"]
    address = "https://example.org/minutes?meeting=12&item=3"
    link = draft.relate(_sheet(draft), f"{OFFICE}/hyperlink", address, external=True)
    with draft.edit(_sheet(draft)) as sheet:
        _put(sheet, f"{evidence}9", _text("Minutes"), 0)
        add_all(
            sheet,
            "hyperlinks",
            f'<hyperlink ref="{evidence}9" r:id="{link}"/>',
            f'<hyperlink ref="{evidence}10" location="Log!A1"/>',
        )


def formats(draft: Draft) -> None:
    """Cells marked by colour, a row made higher, a column hidden."""
    solid = '<patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill>'
    fill = add_style(draft, "fills", f"<fill>{solid}</fill>")
    marked = add_style(
        draft, "cellXfs", f'<xf numFmtId="0" fontId="1" fillId="{fill}" borderId="2"/>'
    )
    at = _letters(draft)
    with draft.edit(_sheet(draft)) as sheet:
        for heading in ("Action id", "Action", "Status input"):
            _cell(sheet, f"{at[heading]}9").set("s", str(marked))
        _row(sheet, 10).attrib.update({"ht": "75", "customHeight": "1"})
        _column(sheet, at["Acting body"]).set("hidden", "1")


def conditional_formats(draft: Draft) -> None:
    """Rules over columns of the table: a scale of colours, and a formula."""
    bold = add_style(draft, "dxfs", '<dxf><font><b/><color rgb="FF801650"/></font></dxf>')
    scale = (
        '<colorScale><cfvo type="num" val="0"/><cfvo type="num" val="1"/>'
        '<color rgb="FFF8696B"/><color rgb="FF63BE7B"/></colorScale>'
    )
    rules = {
        "Progress": f'<cfRule type="colorScale" priority="10">{scale}</cfRule>',
        "Action": f'<cfRule type="expression" dxfId="{bold}" priority="11">'
        f"<formula>ISNUMBER($B{_FIRST})</formula></cfRule>",
    }
    with draft.edit(_sheet(draft)) as sheet:
        for heading, rule in rules.items():
            area = _column_rows(draft, heading)
            ruled = f'<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting>'
            place(sheet, fragment(ruled))


def extended_formats(draft: Draft) -> None:
    """A rule that only an extension list can hold."""
    levels = "".join(
        f'<x14:cfvo type="percent"><xm:f>{least}</xm:f></x14:cfvo>' for least in (0, 33, 67)
    )
    rule = (
        f'<x14:cfRule type="iconSet" priority="12" id="{_GUID.format(3)}">'
        f'<x14:iconSet iconSet="3Stars">{levels}</x14:iconSet></x14:cfRule>'
        f"<xm:sqref>{_column_rows(draft, 'Percent complete input')}</xm:sqref>"
    )
    listed = (
        f"<x14:conditionalFormattings><x14:conditionalFormatting>{rule}"
        "</x14:conditionalFormatting></x14:conditionalFormattings>"
    )
    with draft.edit(_sheet(draft)) as sheet:
        extension = f'<ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">{listed}</ext>'
        add_all(sheet, "extLst", extension)


def input_rule(draft: Draft) -> None:
    """A rule for what is typed into the own column."""
    area = _column_rows(draft, OWN)
    rule = (
        f'<dataValidation type="textLength" operator="equal" allowBlank="1" sqref="{area}">'
        "<formula1>5</formula1></dataValidation>"
    )
    with draft.edit(_sheet(draft)) as sheet:
        add_all(sheet, "dataValidations", rule)


def extended_input_rule(draft: Draft) -> None:
    """A rule with a list on another sheet, for the column beside the table."""
    rule = (
        '<x14:dataValidation type="list" allowBlank="1">'
        "<x14:formula1><xm:f>Purchases!$A$2:$A$5</xm:f></x14:formula1>"
        f"<xm:sqref>{_beside(draft)}{_FIRST}:{_beside(draft)}{_LAST}</xm:sqref>"
        "</x14:dataValidation>"
    )
    listed = f'<x14:dataValidations count="1">{rule}</x14:dataValidations>'
    with draft.edit(_sheet(draft)) as sheet:
        extension = f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">{listed}</ext>'
        add_all(sheet, "extLst", extension)


def filtered(draft: Draft) -> None:
    """The table shows the actions of councils alone: the other rows are hidden."""
    wanted = "<filters><filter val='Councils'/></filters>"
    with draft.edit(_table(draft)) as table:
        section(table, "autoFilter").append(
            fragment(f'<filterColumn colId="3">{wanted}</filterColumn>')
        )
    with draft.edit(_sheet(draft)) as sheet:
        for row, action in zip(ROWS, load().actions, strict=True):
            if action.body != "Councils":
                _row(sheet, row).set("hidden", "1")


def frozen(draft: Draft) -> None:
    """The headings and the ids stay in sight."""
    pane = (
        f'<pane xSplit="1" ySplit="{HEADER}" topLeftCell="B{_FIRST}" activePane="bottomRight" '
        'state="frozen"/>'
    )
    with draft.edit(_sheet(draft)) as sheet:
        view = section(section(sheet, "sheetViews"), "sheetView")
        section(view, "selection").set("pane", "bottomRight")
        view.insert(0, fragment(pane))


def chart(book: Workbook) -> None:
    """A chart over whole columns of the tracker, and a name for one of them."""
    sheet = book.add_worksheet("Tracker chart")
    bars = book.add_chart({"type": "bar"})
    actions = load().actions
    bars.add_series(
        {
            "categories": f"=Actions!$A${_FIRST}:$A${_LAST}",
            "categories_data": [action.action for action in actions],
            "values": f"=Actions!$B${_FIRST}:$B${_LAST}",
            "values_data": [action.recommendation for action in actions],
        }
    )
    sheet.insert_chart("A1", bars)
    book.define_name("OwnActions", f"=Actions!$A${_FIRST}:$A${_LAST}")


def report(book: Workbook) -> None:
    """A sheet with a formula over the tracker, and one over what stands beside it."""
    sheet = book.add_worksheet("Own report")
    sheet.write_formula("A1", f"=ROWS({_IDS})", None, len(load().actions))
    sheet.write_formula("A2", "=1+1", None, 2)


def _sheet(draft: Draft) -> str:
    return draft.sheet("Actions")


def _table(draft: Draft) -> str:
    return draft.related(_sheet(draft), "table")


def _letters(draft: Draft) -> dict[str, str]:
    """Heading -> letter of its column."""
    table = etree.fromstring(draft.parts[_table(draft)])
    columns = enumerate(section(table, "tableColumns"), 1)
    return {column.get("name", ""): get_column_letter(number) for number, column in columns}


def _column_rows(draft: Draft, heading: str) -> str:
    letter = _letters(draft)[heading]
    return f"{letter}{_FIRST}:{letter}{_LAST}"


def _beside(draft: Draft) -> str:
    """The column beside the table, with an empty one between."""
    return get_column_letter(len(_letters(draft)) + 2)


def _make_room(sheet: _Element, last: int) -> None:
    """Move every cell, width, format and rule from the inserted column on to the right."""
    for cell in sheet.iterfind(f".//{MAIN}row[@r]/{MAIN}c"):
        cell.set("r", _moved(cell.get("r", "")))
    for column in section(sheet, "cols"):
        for end in ("min", "max"):
            column.set(end, str(int(column.get(end, "")) + (int(column.get(end, "")) >= _INSERTED)))
    for number in (_INSERTED, last):
        widened = f'<col min="{number}" max="{number}" width="12" customWidth="1"/>'
        section(sheet, "cols").insert(number - 1, fragment(widened))
    for rule in sheet.iterfind(".//*[@sqref]"):
        rule.set("sqref", _moved(rule.get("sqref", "")))
    for formula in sheet.iterfind(f"{MAIN}conditionalFormatting//{MAIN}formula"):
        formula.text = _moved(formula.text or "")


def _moved(text: str) -> str:
    """A formula or range whose references to the inserted column and those after it move on."""

    def move(match: re.Match[str]) -> str:
        number = column_index_from_string(match[1])
        return f"{get_column_letter(number + (number >= _INSERTED))}{match[2]}"

    return _CELL.sub(move, text)


def _text(text: str) -> str:
    return f'<is><t xml:space="preserve">{text}</t></is>'


def _put(
    sheet: _Element, place: str, content: str, style: int | str, kind: str = "inlineStr"
) -> None:
    """Write a cell, in place of the one that is there."""
    letters, number = _CELL.fullmatch(place).groups()  # type: ignore[union-attr]
    new = fragment(f'<c r="{place}" s="{style}" t="{kind}">{content}</c>')
    row = _row(sheet, int(number))
    position = column_index_from_string(letters)
    for old in row:
        column = column_index_from_string(re.sub(r"\d", "", old.get("r", "")))
        if column == position:
            row.replace(old, new)
            return
        if column > position:
            old.addprevious(new)
            return
    row.append(new)


def _row(sheet: _Element, number: int) -> _Element:
    """A row, added at the end where there is none."""
    data = section(sheet, "sheetData")
    row = data.find(f"{MAIN}row[@r='{number}']")
    if row is None:
        row = etree.SubElement(data, f"{MAIN}row", {"r": str(number)})
    return row


def _cell(sheet: _Element, place: str) -> _Element:
    cell = sheet.find(f".//{MAIN}c[@r='{place}']")
    assert cell is not None, place
    return cell


def _column(sheet: _Element, letters: str) -> _Element:
    """The width of a column."""
    column = section(sheet, "cols").find(f"{MAIN}col[@min='{column_index_from_string(letters)}']")
    assert column is not None, letters
    return column
