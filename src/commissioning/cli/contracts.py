"""`localis contracts`: read contracts registers and show what ends, and by when to begin."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Any

from commissioning.cells import fixed
from commissioning.cli import FINE, FOUND, own_files
from commissioning.cli.commands import as_at_of, print_json
from commissioning.council import kinds
from commissioning.council.contracts import deadlines
from commissioning.council.contracts import register as registers
from commissioning.council.contracts.fields import FIELDS
from commissioning.council.reading.amounts import pounds
from commissioning.council.reading.columns import parse_overrides

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from commissioning.council.contracts.deadlines import Deadline, Share, Total
    from commissioning.council.contracts.register import Register
    from commissioning.council.contracts.rows import Entry, Remark

_TITLE, _SUPPLIER = 48, 30


def contracts(options: argparse.Namespace) -> int:
    """`localis contracts`: exit code 1 where something was not read or is in two files."""
    as_at = as_at_of(options.as_at)
    overrides = parse_overrides(options.columns, FIELDS)
    paths = own_files.paths(options.files)
    with kinds.right("contracts", () if overrides else paths):
        read = [register for path in paths for register in registers.read(path, overrides)]
    again = registers.repeated(read)
    if options.json:
        print_json(_as_json(read, as_at))
    else:
        for register in read:
            _print_register(register)
        _print_coverage(read)
        if again:
            print(
                f"\n{len(again)} contracts are in more than one of the files, such as "
                f'"{again[0].title}", and are counted in each: leave the older file away.'
            )
        _print_shares(read)
        _print_upcoming(read, as_at)
    gaps = any(register.rejected or register.unread for register in read)
    return FOUND if again or gaps else FINE


def _listed(read: Sequence[Register]) -> list[Entry]:
    return [entry for register in read for entry in register.entries]


def _print_register(register: Register) -> None:
    print(
        f"{register.file}: {register.rows} rows, {len(register.entries)} read, "
        f"{len(register.rejected)} rejected, {len(register.aside)} set aside."
    )
    choices = [each for each in register.columns.choices.values() if not each.field.beside]
    width = max(len(each.field.label) for each in choices)
    for each in choices:
        print(f"  {each.field.label.ljust(width)}  {each.name}: {each.reason}")
    if unused := [name for name in register.columns.unused if name]:
        print(f"  Not used: {', '.join(unused)}")
    for title, remarks in (
        ("Rejected", register.rejected),
        ("Set aside", register.aside),
        ("Not read", register.unread),
    ):
        for line in _grouped(remarks):
            print(f"  {title}: {line}")
    print()


def _grouped(remarks: Sequence[Remark]) -> list[str]:
    """Remarks of one reason as one line."""

    def kind(remark: Remark) -> tuple[str, str]:
        return remark.field, remark.reason

    lines = []
    for (field, reason), group in groupby(sorted(remarks, key=kind), kind):
        listed = list(group)
        first = listed[0]
        example = f' "{first.text}" {reason}' if field else f' {reason}, "{first.text}"'
        more = f", and {len(listed) - 1} more of the kind" if len(listed) > 1 else ""
        lines.append(f"{field + ', ' if field else ''}row {first.row}:{example}{more}")
    return lines


def _print_coverage(read: Sequence[Register]) -> None:
    rows = len(_listed(read))
    print(f"Fields, of {rows} contracts:")
    for each in registers.coverage(read):
        unread = f", {each.unread} not read" if each.unread else ""
        print(f"  {each.field.ljust(20)}  {each.read:>6} ({_percent(each.read / rows)}){unread}")


def _print_shares(read: Sequence[Register]) -> None:
    print("\nSuppliers:")
    for name, each in _shares(read):
        if each.by_number is None:
            print(f"  {name}: the files do not say.")
            continue
        value = "" if each.by_value is None else f", {_percent(each.by_value)} of their value"
        pence = "" if not each.pence else f" and {_percent(each.known_pence / each.pence)} of value"
        print(
            f"  {name}: {each.held} of {each.known} contracts that say "
            f"({_percent(each.by_number)}){value}; "
            f"known for {_percent(each.known / each.contracts)} of contracts{pence}."
        )


def _shares(read: Sequence[Register]) -> list[tuple[str, Share]]:
    listed = [entry.contract for entry in _listed(read)]
    return [
        ("Small or medium-sized", deadlines.share(listed, "sme")),
        ("Voluntary or community", deadlines.share(listed, "voluntary")),
    ]


def _print_upcoming(read: Sequence[Register], as_at: dt.date) -> None:
    listed = [entry.contract for entry in _listed(read)]
    found, lead = deadlines.upcoming(listed, as_at), deadlines.DEFAULTS
    until = deadlines.months_after(as_at, deadlines.HORIZON)
    print(f"\nFrom {as_at} to {until} ({deadlines.HORIZON} months):")
    for name, total in _totals(found):
        print(f"  {name}: {_worth(total)}")
    if undecided := _of_open_length(read, as_at):
        print(f"  May be extended: {undecided} more, whose register leaves open until when")
    print(
        f"  A value test begins {lead.procurement} months before the end, a renegotiation "
        f"{lead.renegotiation}; an extension is decided {lead.notice} months before. "
        f"{deadlines.TOO_SHORT}: that day is before the contract's own start. Days marked * have "
        "passed.\n"
    )
    heads = ("Ends", "Review", "Value", "Value test", "Renegotiate", "Extend to", "Decide")
    rows = [
        (*heads, "Contract", "Supplier"),
        *(_line(each, as_at) for each in found),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _of_open_length(read: Sequence[Register], as_at: dt.date) -> int:
    """How many contracts end within the horizon and have extensions that could not be read."""
    return sum(
        deadlines.is_within(entry.contract.end, as_at)
        for register in read
        for entry in register.entries
        if entry.row in register.open_extensions
    )


def _totals(found: Sequence[Deadline]) -> list[tuple[str, Total]]:
    tests: list[tuple[str, Callable[[Deadline], bool]]] = [
        ("End", lambda each: each.ends),
        ("Can be extended", lambda each: each.can_be_extended),
        ("Due for review", lambda each: each.is_reviewed),
    ]
    return [
        (name, deadlines.total(each.contract for each in found if test(each)))
        for name, test in tests
    ]


def _worth(total: Total) -> str:
    text = f"{total.contracts} contract{'' if total.contracts == 1 else 's'}"
    if total.valued:
        text += f", {_pounds(total.pence)} in all ({total.valued} give a value)"
    if total.annual_valued:
        text += f", {_pounds(total.annual_pence)} a year ({total.annual_valued} give one)"
    return text


def _line(found: Deadline, as_at: dt.date) -> tuple[str, ...]:
    contract = found.contract

    def begin(day: dt.date | None) -> str:
        if deadlines.is_too_short(contract.start, day):
            return deadlines.TOO_SHORT
        return f"{day}{'*' if deadlines.is_late(day, as_at) else ''}" if day else ""

    return (
        str(contract.end or ""),
        str(contract.review) if contract.review and found.is_reviewed else "",
        "" if contract.value is None else _pounds(contract.value),
        begin(found.value_test),
        begin(found.renegotiation),
        str(contract.extended_end) if found.can_be_extended else "",
        begin(found.decision),
        _cut(f"{contract.reference} {contract.title}".strip(), _TITLE),
        _cut(contract.supplier, _SUPPLIER),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pounds(pence: int) -> str:
    """Whole pounds without pence."""
    return pounds(pence).removesuffix(".00")


def _percent(share: float) -> str:
    return f"{fixed(share, 1, 100)}%"


def _as_json(read: Sequence[Register], as_at: dt.date) -> dict[str, Any]:
    found = deadlines.upcoming([entry.contract for entry in _listed(read)], as_at)
    return {
        "as_at": as_at.isoformat(),
        "months": deadlines.HORIZON,
        "lead_times": deadlines.DEFAULTS._asdict(),
        "files": [_file_as_json(register) for register in read],
        "coverage": [each._asdict() for each in registers.coverage(read)],
        "in_more_than_one_file": [_plain(each._asdict()) for each in registers.repeated(read)],
        "totals": {name: total._asdict() for name, total in _totals(found)},
        "shares": {
            name: {**each._asdict(), "by_number": each.by_number, "by_value": each.by_value}
            for name, each in _shares(read)
        },
        "upcoming": [_plain({**each._asdict(), **each.contract._asdict()}) for each in found],
    }


def _file_as_json(register: Register) -> dict[str, Any]:
    return {
        "file": register.file,
        "rows": register.rows,
        "read": len(register.entries),
        "rejected": [remark._asdict() for remark in register.rejected],
        "set_aside": [remark._asdict() for remark in register.aside],
        "not_read": [remark._asdict() for remark in register.unread],
        "columns": {
            code: {"heading": choice.heading, "reason": choice.reason}
            for code, choice in register.columns.choices.items()
            if not choice.field.beside
        },
        "not_used": list(register.columns.unused),
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON can hold them: days as text, and no tuple within."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
        if not isinstance(value, tuple)
    }
