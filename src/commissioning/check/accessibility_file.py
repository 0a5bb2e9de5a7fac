"""The essential rules for spreadsheets of public bodies on the file as a whole, and the advice.

Source: Government Analysis Function, "Releasing statistics in spreadsheets".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.findings import Fault, rule
from commissioning.check.styles import Font, Style, contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.check.model import Workbook

#: Contrast ratio. Source: WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST = 4.5
#: In points.
SMALLEST_FONT = 10
SMALLEST_TITLE = 12

#: Serif, monospaced and script fonts that office programs offer.
_NOT_SANS = frozenset(
    """
    baskerville bodoni mt|book antiqua|bookman old style|brush script mt|cambria|century|
    century schoolbook|comic sans ms|consolas|constantia|courier|courier new|didot|garamond|
    georgia|liberation mono|liberation serif|lucida console|monotype corsiva|palatino linotype|
    rockwell|sitka text|times|times new roman
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
#: Codes of font families: none, and Swiss, which is sans serif.
_SANS_FAMILIES = {None, 0, 2}


@rule(
    "contrast",
    "accessibility",
    f"Text stands out from its fill by {LEAST_CONTRAST} to 1 at least",
    "Choose a darker font on a light fill, or a lighter one on a dark fill.",
)
def low_contrast(workbook: Workbook) -> Iterator[Fault]:
    """Cell formats in use and differential formats that are hard to read."""
    looks = list(_styles_in_use(workbook))
    looks += [
        (f"differential format {number}", style)
        for number, style in enumerate(workbook.styles.differential)
    ]
    for where, style in looks:
        if style.font.colour is None or style.fill is None:
            continue
        ratio = contrast(style.font.colour, style.fill)
        if ratio < LEAST_CONTRAST:
            yield where, f"{style.font.colour} on {style.fill} has a contrast of {ratio:.1f} to 1"


@rule(
    "document-title",
    "accessibility",
    "The document has a title",
    "Fill in the title in File, Info.",
)
def document_title(workbook: Workbook) -> Iterator[Fault]:
    """A core property that is missing or blank."""
    if not workbook.properties.get("title", "").strip():
        yield "docProps/core.xml", "the document has no title"


@rule(
    "document-language",
    "accessibility",
    "The document says its language",
    "Set the language in File, Info, Advanced Properties.",
)
def document_language(workbook: Workbook) -> Iterator[Fault]:
    """A core property that is missing or blank."""
    if not workbook.properties.get("language", "").strip():
        yield "docProps/core.xml", "the document does not say its language"


@rule(
    "opens-first",
    "accessibility",
    "The file opens on its first sheet",
    "Go to the first sheet and save the file.",
)
def opens_first(workbook: Workbook) -> Iterator[Fault]:
    """An active tab other than the first visible one."""
    visible = [number for number, sheet in enumerate(workbook.sheets) if sheet.state == "visible"]
    active = workbook.active_tab
    if visible and 0 <= active < len(workbook.sheets) and active != visible[0]:
        yield workbook.sheets[active].at(), "the file opens on this sheet"


@rule(
    "cursor-a1",
    "accessibility",
    "The cursor is in A1 on every sheet, and A1 is in sight",
    "Press Ctrl+Home on the sheet and save the file.",
)
def cursor_a1(workbook: Workbook) -> Iterator[Fault]:
    """Sheets that were left further down or to the right."""
    for sheet in workbook.worksheets:
        if sheet.cursor != "A1":
            yield sheet.at(sheet.cursor), "the cursor is here"
        if sheet.top_left != "A1":
            yield sheet.at(sheet.top_left), "the sheet opens scrolled to here"


@rule(
    "tables-per-sheet",
    "advice",
    "A sheet has one table at most",
    "Move each table to a sheet of its own.",
)
def tables_per_sheet(workbook: Workbook) -> Iterator[Fault]:
    """Sheets with several tables."""
    for sheet in workbook.worksheets:
        if len(sheet.tables) > 1:
            yield sheet.at(), f"the sheet has {len(sheet.tables)} tables"


@rule(
    "hidden",
    "advice",
    "No rows or columns are hidden",
    "Show them, or delete them.",
)
def hidden(workbook: Workbook) -> Iterator[Fault]:
    """Sheets with hidden rows or columns."""
    for sheet in workbook.worksheets:
        columns = sum(held.last - held.first + 1 for held in sheet.columns if held.hidden)
        for count, kind in ((len(sheet.hidden_rows), "rows"), (columns, "columns")):
            if count:
                yield sheet.at(), f"hidden {kind}: {count}"


@rule(
    "frozen-panes",
    "advice",
    "No panes are frozen",
    "Unfreeze the panes in View.",
)
def frozen_panes(workbook: Workbook) -> Iterator[Fault]:
    """Sheets with frozen panes, which hide content when zoomed in."""
    for sheet in workbook.worksheets:
        if sheet.frozen:
            yield sheet.at(), "the panes are frozen"


@rule(
    "font-sans",
    "advice",
    "Fonts are without serifs",
    "Choose a font such as Arial.",
)
def font_sans(workbook: Workbook) -> Iterator[Fault]:
    """Fonts in use that are serif, monospaced or handwriting."""
    for where, font in _fonts_in_use(workbook):
        if font.family not in _SANS_FAMILIES or font.name.casefold() in _NOT_SANS:
            yield where, f"the font is {font.name}"


@rule(
    "font-size",
    "advice",
    f"Text has {SMALLEST_FONT} points or more",
    "Choose a larger font.",
)
def font_size(workbook: Workbook) -> Iterator[Fault]:
    """Fonts in use that are too small."""
    for where, font in _fonts_in_use(workbook):
        if font.size < SMALLEST_FONT:
            yield where, f"the text has {font.size:g} points"


@rule(
    "font-italic",
    "advice",
    "No text is in italics",
    "Take the italics off.",
)
def font_italic(workbook: Workbook) -> Iterator[Fault]:
    """Fonts in use that are italic."""
    for where, font in _fonts_in_use(workbook):
        if font.italic:
            yield where, "the text is in italics"


@rule(
    "title-size",
    "advice",
    f"The title in A1 has {SMALLEST_TITLE} points or more",
    "Choose a larger font for A1.",
)
def title_size(workbook: Workbook) -> Iterator[Fault]:
    """Titles that are too small."""
    styles = workbook.styles.cells
    for sheet in workbook.worksheets:
        title = sheet.cell(1, 1)
        if not title.empty and 0 <= title.style < len(styles):
            size = styles[title.style].font.size
            if size < SMALLEST_TITLE:
                yield sheet.at("A1"), f"the title has {size:g} points"


def _styles_in_use(workbook: Workbook) -> Iterator[tuple[str, Style]]:
    """The formats of cells that hold something, each with the first such cell."""
    for index, where in workbook.looks.items():
        if 0 <= index < len(workbook.styles.cells):
            yield where, workbook.styles.cells[index]


def _fonts_in_use(workbook: Workbook) -> Iterator[tuple[str, Font]]:
    return ((where, style.font) for where, style in _styles_in_use(workbook))
