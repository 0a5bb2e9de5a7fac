"""How the workbook looks, in one place: colours, fonts and the named styles of its cells.

Colours are the Government Analysis Function's categorical palette; every pair of text and
background has a contrast of at least 4.5:1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

PALETTE: Mapping[str, str] = {
    "dark blue": "12436D",
    "turquoise": "28A197",
    "dark pink": "801650",
    "orange": "F46A25",
    "dark grey": "3D3D3D",
    "light purple": "A285D1",
}

FONT = "Arial"
INK = "1F2328"
ACCENT = PALETTE["dark blue"]
WHITE = "FFFFFF"
RULE = "C9D1D9"
INPUT_FILL = "FFF6DB"
LINK = "0B5394"

#: Colour of a sheet's tab by the group that it belongs to.
TABS: Mapping[str, str] = {
    "Front": ACCENT,
    "Council": PALETTE["orange"],
    "Evidence": PALETTE["turquoise"],
    "Tracker": PALETTE["dark pink"],
    "Reference": PALETTE["dark grey"],
}

#: Fill and font of a cell by what its words say; the words say it too.
TONES: Mapping[str, tuple[str, str]] = {
    "good": ("DCF1E4", "0B4F2C"),
    "warn": ("FDE9C9", "6B3F00"),
    "bad": ("FADBDD", "8A1020"),
    "done": ("DCE8F5", "12436D"),
}


class Style(NamedTuple):
    """A named cell style: size and height of a line in points, colours as RRGGBB."""

    size: float = 11
    bold: bool = False
    ink: str = INK
    fill: str | None = None
    rule: str | None = None
    wrap: bool = False
    underline: bool = False
    middle: bool = False
    height: float = 18


STYLES: Mapping[str, Style] = {
    "Localis title": Style(18, bold=True, ink=ACCENT, middle=True, height=34),
    "Localis heading": Style(13, bold=True, ink=ACCENT, middle=True, height=28),
    "Localis banner": Style(22, bold=True, ink=WHITE, fill=ACCENT, middle=True, height=44),
    "Localis subtitle": Style(14, bold=True, ink=WHITE, fill=ACCENT, middle=True, height=28),
    "Localis line": Style(middle=True),
    "Localis state": Style(12, bold=True, middle=True, height=24),
    "Localis header": Style(11, bold=True, ink=WHITE, fill=ACCENT, wrap=True, middle=True),
    "Localis cell": Style(rule=RULE, wrap=True),
    "Localis input": Style(rule=RULE, fill=INPUT_FILL, wrap=True),
    "Localis link": Style(rule=RULE, wrap=True, ink=LINK, underline=True),
    "Localis line link": Style(ink=LINK, underline=True, middle=True),
}


def font(style: Style) -> Font:
    """The font of a style."""
    return Font(
        name=FONT,
        size=style.size,
        bold=style.bold,
        color=f"FF{style.ink}",
        underline="single" if style.underline else None,
        family=2,
    )


def named_style(name: str) -> NamedStyle:
    """A style as openpyxl wants it."""
    style = STYLES[name]
    made = NamedStyle(name=name, font=font(style))
    if style.fill:
        made.fill = PatternFill("solid", fgColor=f"FF{style.fill}")
    if style.rule:
        made.border = Border(bottom=Side("thin", color=f"FF{style.rule}"))
    made.alignment = Alignment(
        horizontal="left",
        vertical="center" if style.middle else "top",
        wrap_text=style.wrap or None,
        indent=1 if style.rule or style.fill else 0,
    )
    return made


class Tone(TypedDict):
    """Font and fill of a conditional format."""

    font: Font
    fill: PatternFill


def tone(name: str) -> Tone:
    """The conditional format of a tone."""
    fill, ink = TONES[name]
    return Tone(
        font=Font(color=f"FF{ink}", bold=True),
        fill=PatternFill(bgColor=f"FF{fill}", fill_type="solid"),
    )


def label_ink(colour: str) -> str:
    """The colour of a label on a bar, for a contrast of at least 4.5:1 where the palette can."""
    return WHITE if colour in ("dark blue", "dark pink", "dark grey") else "000000"
