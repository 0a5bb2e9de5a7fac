"""What a function LOCALIS_* costs on Python's side, against a no-op called the same way.

Usage: python tests/benchmarks/functions.py [--seconds 0.3]

Calls go through xlwings' own `call_udf`, on stand-ins for pywin32. The no-op takes the same
arguments and gives the same result, ready made, so that the ratio is what our work adds. What Excel
and COM take, which is far more, is on neither side. A measurement, not a test.
"""

from __future__ import annotations

import argparse
import inspect
import sys
import timeit
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from template import compared

sys.path.insert(0, str(Path(__file__).parents[1] / "excel"))

from standins import MISSING, MODULE, Cells, windows_xlwings

if TYPE_CHECKING:
    from collections.abc import Callable

AIM, AIM_OF_IMPORT = 1.5, 1.15

_NO_OP = "no_op"


class Case(NamedTuple):
    """A call to measure; the aim is a ratio, or nothing where there is only a figure to watch."""

    label: str
    function: str
    arguments: tuple[object, ...]
    aim: float | None = AIM


def cases() -> list[Case]:
    """Scalar calls, a column of cells, whole tables."""
    sme, numbers = Cells(*[("SME",)] * 1_000), Cells(*[(float(n),) for n in range(1_000)])
    return [
        Case("SHIFT, a constant", "LOCALIS_SHIFT", ("SME",)),
        Case("SHIFT, a cell", "LOCALIS_SHIFT", (Cells(("SME",)),)),
        Case("SHIFT, three constants", "LOCALIS_SHIFT", ("SME", "ratio", "row total")),
        Case("SURVEY, two constants", "LOCALIS_SURVEY", ("b", "yes")),
        Case("NONEXTERNAL, three numbers", "LOCALIS_NONEXTERNAL", (88.1, 61.7, 24.6)),
        Case("INTERVAL, one end", "LOCALIS_INTERVAL", (84.0, 103.0, "low")),
        Case("SHIFT, 1,000 cells", "LOCALIS_SHIFT", (sme,), None),
        Case("NONEXTERNAL, 1,000 rows", "LOCALIS_NONEXTERNAL", (numbers, numbers, numbers), None),
        Case("SHIFT, its table", "LOCALIS_SHIFT", ()),
        Case("CLAIM, its table", "LOCALIS_CLAIM", ()),
    ]


def prepared(case: Case) -> tuple[Callable[[], object], Callable[[], object]]:
    """The call, and that of a no-op with the same arguments and result."""
    udfs, ours = windows_xlwings()
    function = getattr(ours, case.function)
    names = list(inspect.signature(function).parameters)
    arguments = (*case.arguments, *[MISSING] * (len(names) - len(case.arguments)))
    result = udfs.call_udf(MODULE, case.function, arguments)

    def no_op(*_arguments: object) -> object:
        return result

    no_op.__annotations__ = {}
    no_op.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    for name in names:
        udfs.xlarg(name, ndim=2, err_to_str=True)(no_op)
    # A module in a file, because xlwings looks with each call whether the file has changed.
    module = ModuleType(case.label)
    module.__file__ = ours.__file__
    vars(module)[_NO_OP] = no_op
    sys.modules[case.label] = module
    return (
        lambda: udfs.call_udf(MODULE, case.function, arguments),
        lambda: udfs.call_udf(case.label, _NO_OP, arguments),
    )


def microseconds(calls: tuple[Callable[[], object], ...], seconds: float) -> list[float]:
    """The least that each call takes, measured by turns in rounds of about a tenth of the time."""
    once = timeit.timeit(calls[0], number=3) / 3
    number = max(1, int(seconds / 10 / once))
    rounds = [[timeit.timeit(call, number=number) / number for call in calls] for _ in range(10)]
    return [1e6 * min(times) for times in zip(*rounds, strict=True)]


def report(label: str, ours: float, least: float, unit: str, aim: float | None) -> None:
    """Write a line of the table."""
    wanted = f"{aim:>6.2f}" if aim else f"{'':>6}"
    sys.stdout.write(
        f"{label:<28}{ours:>10.1f} {unit}{least:>10.1f} {unit}{ours / least:>7.2f}{wanted}\n"
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--seconds", type=float, default=0.3, help="time for each function (default 0.3)"
    )
    seconds = parser.parse_args().seconds
    python = [sys.executable, "-c"]
    start, least = compared([*python, f"import {MODULE}"], [*python, "import xlwings"], 11)
    sys.stdout.write(f"{'':<28}{'ours':>13}{'no-op':>13}{'ratio':>7}{'aim':>6}\n")
    for case in cases():
        ours, no_op = microseconds(prepared(case), seconds)
        report(case.label, ours, no_op, "µs", case.aim)
    providers = ["SME", "VCS", "large", "in-house"] * 2_500
    udfs, _ = windows_xlwings()
    column = (Cells(*[(name,) for name in providers]), MISSING, MISSING)
    calls = [(name, MISSING, MISSING) for name in providers]
    together, apart = microseconds(
        (
            lambda: udfs.call_udf(MODULE, "LOCALIS_SHIFT", column),
            lambda: [udfs.call_udf(MODULE, "LOCALIS_SHIFT", call) for call in calls],
        ),
        seconds,
    )
    report("10,000 in one range, or each", together / 1e3, apart / 1e3, "ms", None)
    report(
        "import, or xlwings alone", start.seconds * 1e3, least.seconds * 1e3, "ms", AIM_OF_IMPORT
    )


if __name__ == "__main__":
    main()
