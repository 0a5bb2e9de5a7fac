"""Faults of formulas and defined names that make Excel offer to repair a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commissioning.check.findings import Fault, rule
from commissioning.check.formulas import LONGEST_FORMULA, NEW_FUNCTIONS
from commissioning.check.repair_tables import name_fault, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.check.model import Workbook

_BUILT_IN = "_xlnm."

#: A plain name: letters, and no digits, lest it be the reference of a cell.
_NAME = re.compile(r"[A-Za-z_\\][A-Za-z_.]*")


@rule(
    "formula-unbalanced",
    "repair",
    "Parentheses, brackets, braces and quotation marks of a formula are balanced",
    "Correct the formula.",
)
def formula_unbalanced(workbook: Workbook) -> Iterator[Fault]:
    """Formulas that Excel could not read."""
    for where, formula in workbook.formulas:
        if formula.fault:
            yield where, f"{formula.fault} in {formula.text}"


@rule(
    "formula-length",
    "repair",
    f"No formula has more than {LONGEST_FORMULA:,} characters",
    "Divide the formula between cells.",
)
def formula_length(workbook: Workbook) -> Iterator[Fault]:
    """Formulas that are too long."""
    for where, formula in workbook.formulas:
        if len(formula.text) > LONGEST_FORMULA:
            yield where, f"the formula has {len(formula.text):,} characters"


@rule(
    "formula-display-form",
    "repair",
    "No formula is stored as Excel only shows it: [@Column], @A1, A1#",
    "Store Table[[#This Row],[Column]], _xlfn.SINGLE(A1), _xlfn.ANCHORARRAY(A1).",
)
def formula_display_form(workbook: Workbook) -> Iterator[Fault]:
    """Formulas in a form that breaks in a file."""
    for where, formula in workbook.formulas:
        if formula.displayed:
            yield where, f"stored as Excel only shows it: {formula.text}"


@rule(
    "formula-prefix",
    "repair",
    "Functions newer than Excel 2007 are stored with _xlfn. before their name",
    "Store the function's name with its prefix, or use an older function.",
)
def formula_prefix(workbook: Workbook) -> Iterator[Fault]:
    """Functions that Excel shows as #NAME? until they are typed again."""
    for where, formula in workbook.formulas:
        for function in sorted(formula.functions):
            if function.upper() in NEW_FUNCTIONS:
                yield where, f"{function} lacks its prefix _xlfn. in {formula.text}"


@rule(
    "validation-name",
    "repair",
    "A data validation whose formula is a name has one that is defined",
    "Define the name, or correct the validation.",
)
def validation_name(workbook: Workbook) -> Iterator[Fault]:
    """Validations that compare with a name nobody has defined: Excel then refuses any entry."""
    known = {name.name.casefold() for name in workbook.names} | {"true", "false"}
    for sheet in workbook.sheets:
        for validation in sheet.validations:
            for formula in validation.formulas:
                if _NAME.fullmatch(formula) and formula.casefold() not in known:
                    yield sheet.at(validation.ref), f"the name {formula} is not defined"


@rule(
    "formula-sheet",
    "repair",
    "Every sheet that a formula or name refers to exists",
    "Point it to a sheet of this workbook, or delete it.",
)
def formula_sheet(workbook: Workbook) -> Iterator[Fault]:
    """References to sheets that are not in the workbook."""
    titles = {sheet.title.casefold() for sheet in workbook.sheets}
    for where, formula in workbook.formulas:
        for title in sorted(formula.sheets):
            if title.casefold() not in titles:
                yield where, f"no sheet is named {title!r}, as in {formula.text}"


@rule(
    "formula-table",
    "repair",
    "Every table and column that a formula refers to exists",
    "Correct the name of the table or column.",
)
def formula_table(workbook: Workbook) -> Iterator[Fault]:
    """Structured references to tables or columns that are not in the workbook."""
    columns: dict[str, set[str]] = {}
    for table in workbook.tables:
        held = columns.setdefault(table.name.casefold(), {""})
        held.update(column.name.casefold() for column in table.columns)
    for where, formula in workbook.formulas:
        for name, column in sorted(formula.tables):
            if name and name.casefold() not in columns:
                yield where, f"no table is named {name!r}, as in {formula.text}"
            elif name and column.casefold() not in columns[name.casefold()]:
                yield where, f"table {name} has no column {column!r}, as in {formula.text}"


@rule(
    "name-invalid",
    "repair",
    "A defined name is a valid name",
    "Rename it in Formulas, Name Manager.",
)
def name_invalid(workbook: Workbook) -> Iterator[Fault]:
    """Names that are malformed or read as cells."""
    for name in workbook.names:
        if fault := name_fault(name.name.removeprefix(_BUILT_IN)):
            yield workbook.part, f"the name {name.name!r} {fault}"


@rule(
    "name-duplicate",
    "repair",
    "A defined name occurs once in its scope",
    "Delete one of the two in Formulas, Name Manager.",
)
def name_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Names that two definitions in one scope share, without regard to case."""
    for name in repeated(f"{name.name.casefold()} of {name.scope}" for name in workbook.names):
        yield workbook.part, f"the name {name.rpartition(' of ')[0]!r} is defined twice"


@rule(
    "name-scope",
    "repair",
    "The sheet that a defined name belongs to exists",
    "Delete the name in Formulas, Name Manager.",
)
def name_scope(workbook: Workbook) -> Iterator[Fault]:
    """Names whose localSheetId is out of range."""
    for name in workbook.names:
        if name.scope is not None and not 0 <= name.scope < len(workbook.sheets):
            yield workbook.part, f"the name {name.name} belongs to a sheet that does not exist"


@rule(
    "name-target",
    "repair",
    "Every defined name refers to something",
    "Point the name to cells or delete it in Formulas, Name Manager.",
)
def name_target(workbook: Workbook) -> Iterator[Fault]:
    """Names that refer to #REF! or to nothing."""
    broken = {formula.text for where, formula in workbook.formulas if formula.broken}
    for name in workbook.names:
        if not name.text.strip() or name.text in broken:
            yield workbook.part, f"the name {name.name} refers to {name.text or 'nothing'}"
