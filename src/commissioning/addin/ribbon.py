"""The tab Localis: the ribbon's XML, and the VBA that answers it.

Schema: customUI14, [MS-CUSTOMUI2].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from commissioning import __version__
from commissioning.addin.buttons import BUTTONS, GROUPS, TAB_KEYTIP
from commissioning.addin.vba import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.addin.buttons import Button

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
TAB = "LocalisTab"

_HEAD = f"""\
Attribute VB_Name = "LocalisRibbon"
' What the ribbon calls: generated from the declarations of the buttons.
Option Explicit

Public Const LocalisVersion As String = {quoted(__version__)}

Private ribbonUI As IRibbonUI

' Excel calls this when it has drawn the tab.
Public Sub LocalisOnLoad(ribbon As IRibbonUI)
    Set ribbonUI = ribbon
    ThisWorkbook.WatchExcel
End Sub

' Another workbook is the active one.
Public Sub LocalisFollow()
    LocalisRedraw
    LocalisWarmUpOnce
End Sub

Public Sub LocalisRedraw()
    If Not ribbonUI Is Nothing Then ribbonUI.Invalidate
End Sub

' Whether a button that needs a commissioning workbook is enabled.
Public Sub LocalisGetEnabled(control As IRibbonControl, ByRef returnedVal)
    On Error Resume Next
    returnedVal = LocalisIsCommissioning(ActiveWorkbook)
End Sub
"""


def custom_ui() -> bytes:
    """The ribbon's XML: a tab with a group for each of `GROUPS`."""
    names: dict[str, str] = {None: NAMESPACE}  # type: ignore[dict-item]  # as lxml has it
    root = etree.Element("customUI", {"onLoad": "LocalisOnLoad"}, names)
    tabs = etree.SubElement(etree.SubElement(root, "ribbon"), "tabs")
    tab = etree.SubElement(tabs, "tab", {"id": TAB, "label": "Localis", "keytip": TAB_KEYTIP})
    for name in GROUPS:
        key = f"Localis{name.replace(' ', '')}"
        group = etree.SubElement(tab, "group", {"id": key, "label": name})
        for button in BUTTONS:
            if button.group == name:
                kind = "toggleButton" if button.state else "button"
                etree.SubElement(group, kind, _attributes(button))
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True
    )


def _attributes(button: Button) -> dict[str, str]:
    attributes = {
        "id": f"Localis{button.id}",
        "label": button.label,
        "imageMso": button.image,
        "size": "large" if button.large else "normal",
        "screentip": button.screentip,
        "supertip": button.supertip,
        "keytip": button.keytip,
        "onAction": button.callback,
    }
    if button.workbook:
        attributes["getEnabled"] = "LocalisGetEnabled"
    if button.state:
        attributes["getPressed"] = f"{button.callback}Pressed"
    return attributes


def module() -> str:
    """The VBA module LocalisRibbon."""
    return "\n".join([_HEAD, *(line for button in BUTTONS for line in _callbacks(button))])


#: Where an error left a callback, Excel would offer to debug the add-in.
_CALLBACK = """\
Public Sub {name}(control As IRibbonControl{pressed})
    On Error GoTo failed
    {work}
    Exit Sub
failed:
    LocalisTell "That did not work: " & Err.Description
End Sub
"""

_GET_PRESSED = """\
Public Sub {name}Pressed(control As IRibbonControl, ByRef returnedVal)
    returnedVal = {state}()
End Sub
"""


def _callbacks(button: Button) -> Iterator[str]:
    pressed = ", pressed As Boolean" if button.state else ""
    if button.python:
        texts = ", ".join(map(quoted, (button.package, button.python, button.doing)))
        work = f"LocalisRun control, {texts}, {button.writes}"
    else:
        work = f"{button.macro} control{', pressed' if button.state else ''}"
    yield _CALLBACK.format(name=button.callback, pressed=pressed, work=work)
    if button.state:
        yield _GET_PRESSED.format(name=button.callback, state=button.state)
