"""The VBA of the functions: a wrapper for each, and their help for Excel's function wizard.

A wrapper passes Python what xlwings' own generator passes, but the values of ranges instead of the
ranges; all else that it does stands once, in the module LocalisServer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.addin.vba import quoted
from commissioning.excel.declared import DECLARED
from commissioning.excel.registry import CATEGORY

if TYPE_CHECKING:
    from commissioning.excel.registry import Function

_FUNCTIONS = """\
Attribute VB_Name = "LocalisFunctions"
' The functions of Localis: generated from their declarations.
Option Explicit
"""

_HELP = """\
Attribute VB_Name = "LocalisHelp"
' Category and help for arguments in the function wizard: generated from the declarations.
Option Explicit
Option Private Module

Public Sub LocalisRegisterHelp()
    Dim here As String
    here = "'" & ThisWorkbook.Name & "'!"
"""


def functions() -> str:
    """The VBA module LocalisFunctions."""
    return "\n".join([_FUNCTIONS, *map(_wrapper, DECLARED)])


def _wrapper(function: Function) -> str:
    parameters = ", ".join(
        f"Optional {argument.name}" if argument.optional else argument.name
        for argument in function.arguments
    )
    arguments = ", ".join(argument.name for argument in function.arguments)
    return (
        f"Public Function {function.name}({parameters})\n"
        # Excel shows it without any code having run.
        f"Attribute {function.name}.VB_Description = {quoted(function.help)}\n"
        f"    {function.name} = LocalisCall({quoted(function.name)}, Array({arguments}))\n"
        "End Function\n"
    )


def help_for_wizard() -> str:
    """The VBA module LocalisHelp."""
    return _HELP + "".join(map(_options, DECLARED)) + "End Sub\n"


def _options(function: Function) -> str:
    lines = [
        f"    Application.MacroOptions Macro:=here & {quoted(function.name)}",
        f"Description:={quoted(function.help)}",
        f"Category:={quoted(CATEGORY)}",
    ]
    if function.arguments:
        helps = ", _\n            ".join(quoted(argument.help) for argument in function.arguments)
        lines.append(f"ArgumentDescriptions:=Array( _\n            {helps})")
    return ", _\n        ".join(lines) + "\n"
