"""What each command does: a few lines over the library, and what they print."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commissioning.cells import fixed
from commissioning.cli import FINE, FOUND, lean
from commissioning.errors import LocalisError
from commissioning.evidence.pack import SHIPPED, Evidence, load

if TYPE_CHECKING:
    import argparse

    from commissioning.evidence.claims import Result

#: Excel's calendar goes wrong before March 1900; the tracker needs none of it.
_FIRST_DAY = dt.date(2000, 1, 1)
_LAST_DAY = dt.date(2199, 12, 31)
_LONGEST_NAME = 150


def template(options: argparse.Namespace) -> int:
    """`localis template`: make a new workbook."""
    from commissioning.workbook.layout import NO_COUNCIL, Choices, lay_out

    with lean.imports():
        from commissioning.workbook.template import write
    path = Path(options.file)
    council, as_at = _council(options.council), as_at_of(options.as_at)
    choices = Choices(council or NO_COUNCIL, _year(options.financial_year, as_at), as_at)
    evidence = evidence_of(options)
    layout = lay_out(evidence, choices)
    saved = write(path, layout, evidence, choices, replace=options.force)
    if saved:
        print(f"Kept the old file as {saved.name}.")
    print(
        f"Wrote {path}: {len(layout.sheets)} sheets, {evidence.title}; "
        f"{choices.financial_year}, as at {as_at:%d %b %Y}."
    )
    if not council:
        print("Next: open it and type the council's name on the sheet Settings.")
    return FINE


def check(options: argparse.Namespace) -> int:
    """`localis check`: check a workbook; the exit code says whether anything was found."""
    from commissioning.check import check_file

    findings = check_file(Path(options.file), evidence_of(options))
    if options.json:
        print_json(
            {
                "file": options.file,
                "ok": not findings,
                "findings": [asdict(finding) for finding in findings],
            }
        )
    elif not findings:
        print(f"{options.file}: nothing found. Figures, accessibility and soundness are in order.")
    else:
        for finding in findings:
            place = f"{finding.where}: " if finding.where else ""
            print(f"{place}{finding.message}. {finding.remedy} [{finding.rule}]")
        count = len(findings)
        print(f"{options.file}: {count} finding{'s' if count > 1 else ''}.")
    return FOUND if findings else FINE


def claims(options: argparse.Namespace) -> int:
    """`localis claims`: every published claim with its working and verdict."""
    from commissioning.evidence.claims import FAILS, work_out_all

    results = work_out_all(evidence_of(options))
    if options.json:
        print_json([_claim(result) for result in results])
    else:
        _print_claims(results)
    return FOUND if any(result.verdict == FAILS for result in results) else FINE


def _claim(result: Result) -> dict[str, Any]:
    claim = result.claim
    return {
        "claim": claim.claim,
        "statement": claim.statement,
        "printed": claim.printed,
        "worked_out": result.value,
        "unit": claim.unit,
        "working": result.working,
        "base": result.base,
        "base_status": result.base_status,
        "on_row_total": result.on_row_total,
        "verdict": result.verdict,
        "where": claim.where,
    }


def _print_claims(results: list[Result]) -> None:
    rows = [("Printed", "Worked out", "Working", "Base", "Verdict", "Claim")]
    for result in results:
        base = f"{result.base} ({result.base_status})" if result.base else ""
        rows.append(
            (
                result.claim.printed,
                _figure(result),
                result.working,
                base,
                result.verdict,
                result.claim.statement,
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    held = sum(result.verdict.startswith("Holds") for result in results)
    print(f"\n{held} of {len(results)} claims hold.")


def _figure(result: Result) -> str:
    """The figure as the claim's unit writes it; on the row total too where the base is inferred."""
    value = result.value
    texts = {
        "people": lambda: fixed(value, 0),
        "share": lambda: f"{fixed(value, 1, 100)}%",
        "ratio": lambda: fixed(value, 1),
        "£bn": lambda: f"£{fixed(value, 3)}bn",
    }
    text = texts[result.claim.unit]()
    if result.on_row_total is not None:
        text += f" ({fixed(result.on_row_total, 1, 100)}% on row total)"
    return text


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print a value as JSON."""
    # In ASCII it is the same JSON in whatever encoding a console or a redirection writes.
    print(json.dumps(value, indent=2))


def evidence_of(options: argparse.Namespace) -> Evidence:
    """The evidence pack that the command names, or the one that comes with this version."""
    return load(SHIPPED if options.evidence is None else Path(options.evidence))


def _council(name: str | None) -> str:
    # Names copied from web pages often have spaces that do not break.
    name = (name or "").replace("\N{NO-BREAK SPACE}", " ").strip()
    if not name.isprintable():
        raise LocalisError(
            "The council's name has a character in it that cannot be printed (such as a tab or "
            "line break): type it again without."
        )
    if len(name) > _LONGEST_NAME:
        raise LocalisError(f"The council's name is longer than {_LONGEST_NAME} characters.")
    return name


def as_at_of(text: str | None) -> dt.date:
    """A date as 2026-11-22 or as 22/11/2026."""
    if text is None:
        return dt.datetime.now().astimezone().date()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day, no time
        except ValueError:
            continue
        if _FIRST_DAY <= day <= _LAST_DAY:
            return day
        raise LocalisError(f"The date {text!r} is not between {_FIRST_DAY} and {_LAST_DAY}.")
    raise LocalisError(f"{text!r} is not a date: write it as 2026-11-22 or 22/11/2026.")


def _year(text: str | None, as_at: dt.date) -> str:
    """A financial year as 2026-27; by default the one that the date falls in, from 1 April."""
    if text is None:
        from commissioning.workbook.layout import financial_year

        return financial_year(as_at)
    match = re.fullmatch(r"(\d{4})\s*[-/]\s*(\d{2}|\d{4})", text.strip(), re.ASCII)
    following = str(int(match[1]) + 1) if match else ""
    if not match or match[2] not in (following, following[-2:]):
        raise LocalisError(f"{text!r} is not a financial year: write it as 2026-27.")
    if not _FIRST_DAY.year <= int(match[1]) <= _LAST_DAY.year:
        raise LocalisError(
            f"The financial year {text!r} is not between {_FIRST_DAY.year} and {_LAST_DAY.year}."
        )
    return f"{match[1]}-{following[-2:]}"
