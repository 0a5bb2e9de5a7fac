"""The functions as xlwings' UDF server imports them: an attribute for each declared function.

What comes in is what Excel has, what goes out is a value, rows of values, or the name of a native
error such as "#N/A", which the add-in's VBA makes into the error itself. No exception goes out: its
message would stand in the cell as if it were the answer.
"""

from __future__ import annotations

import traceback
from inspect import Parameter, Signature
from typing import TYPE_CHECKING

import xlwings as xw

from commissioning.cells import WRONG_KIND
from commissioning.excel import log
from commissioning.excel.answer import answer
from commissioning.excel.declared import FUNCTIONS
from commissioning.excel.registry import CATEGORY
from commissioning.excel.values import OMITTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.excel.registry import Argument, Function


def _exposed(function: Function) -> Callable[..., object]:
    """A declared function with the signature, help and conversions that xlwings reads."""

    def call(*arguments: object) -> object:
        try:
            value, reasons = answer(function, arguments)
            for reason in reasons:
                log.note(reason)
        except Exception:  # noqa: BLE001 - the outermost edge: whatever it is, the server goes on
            log.note(f"{function.name}: {traceback.format_exc()}")
            return WRONG_KIND
        return value

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.help
    # xlwings would take a type hint for a conversion.
    call.__annotations__ = {}
    call.__signature__ = Signature(  # type: ignore[attr-defined]
        [_parameter(declared) for declared in function.arguments]
    )
    for declared in function.arguments:
        # Two dimensions always: a flat list could be a row or a column.
        xw.arg(declared.name, doc=declared.help, ndim=2, err_to_str=True)(call)
    return xw.func(category=CATEGORY)(call)


def _parameter(declared: Argument) -> Parameter:
    default = OMITTED if declared.optional else Parameter.empty
    return Parameter(declared.name, Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({name: _exposed(function) for name, function in FUNCTIONS.items()})
