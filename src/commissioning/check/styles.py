"""Fonts, fills and colours: what a cell format looks like, and how well it can be read."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from commissioning.check.xml import DRAWING, child, children, decimal, flag, integer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element


class Colour(NamedTuple):
    """A colour; red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        """Such as #12436D."""
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"


#: sRGB values up to this one are linear.
_LINEAR = 0.04045

BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)

#: Theme colours by index, as attributes refer to them: light and dark stand the other way round.
_THEME_ORDER = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    *(f"accent{n}" for n in range(1, 7)),
    "hlink",
    "folHlink",
)


@dataclass(frozen=True)
class Font:
    """A font; the size in points, the family by the file's code (2 is sans serif)."""

    name: str = "Calibri"
    size: float = 11
    family: int | None = None
    italic: bool = False
    colour: Colour | None = BLACK


@dataclass(frozen=True)
class Style:
    """A cell format, or a differential one; a colour is None where it cannot be told."""

    font: Font = Font()
    fill: Colour | None = WHITE
    wrapped: bool = False


@dataclass(frozen=True)
class Styles:
    """The formats of a workbook.

    Attributes:
        cells: cell formats by index.
        differential: formats of conditional formats and tables by index.
        dxfs: indices into `differential` that table styles use.
        faults: references to fonts and fills that do not exist.
    """

    cells: Sequence[Style] = (Style(),)
    differential: Sequence[Style] = ()
    dxfs: Sequence[int] = ()
    faults: Sequence[str] = ()


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio from 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def read_styles(root: _Element | None, theme: _Element | None) -> Styles:
    """The formats of a styles part, colours looked up in the theme."""
    colours = _theme_colours(theme)
    fonts = [_font(element, colours) for element in children(root, "fonts", "font")]
    fills = [_fill(element, colours) for element in children(root, "fills", "fill")]
    cells, faults = [], []
    for number, xf in enumerate(children(root, "cellXfs", "xf")):
        font, fill = integer(xf.get("fontId", "0")), integer(xf.get("fillId", "0"))
        if font is None or font >= len(fonts):
            faults.append(f"cell format {number} has font {xf.get('fontId')} of {len(fonts)}")
            font = None
        if fill is None or fill >= len(fills):
            faults.append(f"cell format {number} has fill {xf.get('fillId')} of {len(fills)}")
            fill = None
        alignment = child(xf, "alignment")
        cells.append(
            Style(
                Font() if font is None else fonts[font],
                None if fill is None else fills[fill],
                alignment is not None and flag(alignment.get("wrapText")),
            )
        )
    differential = [_differential(dxf, colours) for dxf in children(root, "dxfs", "dxf")]
    used = [
        integer(element.get("dxfId"))
        for element in children(root, "tableStyles", "tableStyle", "tableStyleElement")
    ]
    return Styles(
        cells or Styles.cells, differential, [dxf for dxf in used if dxf is not None], faults
    )


def _font(element: _Element, colours: Sequence[Colour | None]) -> Font:
    values = {
        name: found.get("val")
        for name in ("name", "sz", "family", "i")
        if (found := child(element, name)) is not None
    }
    colour = child(element, "color")
    return Font(
        values.get("name") or "",
        decimal(values.get("sz")) or Font.size,
        integer(values.get("family")),
        "i" in values and flag(values["i"], default=True),
        BLACK if colour is None else _colour(colour, colours),
    )


def _fill(element: _Element, colours: Sequence[Colour | None]) -> Colour | None:
    pattern = child(element, "patternFill")
    if pattern is None:
        return None
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return WHITE
    colour = child(pattern, "fgColor")
    return _colour(colour, colours) if kind == "solid" and colour is not None else None


def _differential(element: _Element, colours: Sequence[Colour | None]) -> Style:
    """A format that is laid over another: colours that it leaves alone are None."""
    font = child(element, "font", "color")
    pattern = child(element, "fill", "patternFill")
    fill = None
    if pattern is not None and pattern.get("patternType", "solid") == "solid":
        # Here, and only here, a solid fill's colour is the background.
        fill = child(pattern, "bgColor")
        fill = child(pattern, "fgColor") if fill is None else fill
    return Style(
        Font(colour=None if font is None else _colour(font, colours)),
        None if fill is None else _colour(fill, colours),
    )


def _colour(element: _Element, colours: Sequence[Colour | None]) -> Colour | None:
    """A colour element's colour; None for indexed and system colours."""
    theme = integer(element.get("theme"))
    if theme is not None:
        colour = colours[theme] if theme < len(colours) else None
    else:
        colour = _hexadecimal(element.get("rgb", "")[-6:])
    tint = decimal(element.get("tint"))
    return _tinted(colour, tint) if colour and tint else colour


def _hexadecimal(text: str) -> Colour | None:
    if not re.fullmatch("[0-9A-Fa-f]{6}", text):
        return None
    return Colour(*bytes.fromhex(text))


def _theme_colours(theme: _Element | None) -> list[Colour | None]:
    scheme = None if theme is None else next(theme.iter(f"{DRAWING}clrScheme"), None)
    if scheme is None:
        return []
    found = {
        entry.tag.rpartition("}")[2]: _hexadecimal(value.get("lastClr", value.get("val", "")))
        for entry in scheme
        for value in entry
    }
    return [found.get(name) for name in _THEME_ORDER]


def _tinted(colour: Colour, tint: float) -> Colour:
    """A colour made darker (tint below 0) or lighter. Source: ECMA-376 part 1, 18.8.19."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in colour))
    tint = max(-1.0, min(1.0, tint))
    lightness = lightness * (1 + tint) if tint < 0 else lightness * (1 - tint) + tint
    return Colour(
        *(round(value * 255) for value in colorsys.hls_to_rgb(hue, lightness, saturation))
    )


def _luminance(colour: Colour) -> float:
    """Relative luminance from 0 to 1. Source: WCAG 2.2, "relative luminance"."""
    red, green, blue = (
        value / 12.92 if value <= _LINEAR else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
