"""`localis survey`: the council's own survey beside the national one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commissioning.cells import fixed
from commissioning.cli import FINE, FOUND, own_files
from commissioning.cli.commands import evidence_of, print_json
from commissioning.council.reading.amounts import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from commissioning.council.survey.compare import AnswerLine, Difference, ProviderLine
    from commissioning.council.survey.found import Reading, Unread
    from commissioning.council.survey.survey import Survey
    from commissioning.evidence.pack import Evidence

#: So many answers that were not read are listed for each file.
_LISTED = 20


def survey(options: argparse.Namespace) -> int:
    """`localis survey`: read it and compare; exit code 1 where an answer does not count."""
    from commissioning.council import kinds
    from commissioning.council.survey import compare
    from commissioning.council.survey import survey as own

    evidence, paths = evidence_of(options), own_files.paths(options.files)
    with kinds.right("survey", () if options.columns else paths, evidence):
        found = own.read(paths, evidence, options.columns)
    answers = compare.answers(evidence, found.counts)
    providers = compare.providers(evidence, found.counts)
    if options.json:
        print_json(_as_json(found, answers, providers))
    else:
        _tell(found)
        _print_answers(evidence, answers)
        _print_providers(evidence, providers)
    return FOUND if any(reading.unread for reading in found.readings) else FINE


def _tell(found: Survey) -> None:
    from commissioning.council.survey.survey import name

    for reading in found.readings:
        if reading.answers is None:
            print(f"{name(reading)}: ready counts.")
        else:
            print(f"{name(reading)}: {counted(len(reading.answers), 'respondent')}, one a row.")
        for column in reading.columns:
            print(f"  {':'.join(column.means) or 'all'}  {column.name}: {column.reason}")
        if reading.unused:
            print(f"  not read: {', '.join(reading.unused)}")
        _list("Answers that do not count", reading.unread)
        _list('Answers in respondents\' own words, counted as "other"', reading.typed)
    for copy, original in found.copies:
        print(f"{copy}: not counted, since {original} has all of its answers.")


def _list(what: str, answers: Sequence[Unread]) -> None:
    from commissioning.evidence.tabular import quoted

    if answers:
        print(f"  {what}: {len(answers):,}")
    for each in answers[:_LISTED]:
        question = f", question {each.question}" if each.question else ""
        print(f"    row {each.row}{question}: {quoted(each.text)}, {each.reason}")
    if len(answers) > _LISTED:
        print(f"    and {len(answers) - _LISTED:,} more; --json lists them all")


_COMPARED = ("Own", "National", "Difference", "95% interval", "Verdict")


def _print_answers(evidence: Evidence, lines: Sequence[AnswerLine]) -> None:
    for question in evidence.questions:
        mine = [line for line in lines if line.option.question == question.question]
        if not mine:
            continue
        base, national = mine[0].base, mine[0].national_base
        _title(
            f"{question.question}  {question.topic}", f"{base:,} answered, nationally {national}"
        )
        rows: list[tuple[str, ...]] = [("Answer", "Count", *_COMPARED)]
        rows += [(line.option.label, f"{line.count:,}", *_compared(line.share)) for line in mine]
        _print_table(rows)


def _print_providers(evidence: Evidence, lines: Sequence[ProviderLine]) -> None:
    question = evidence.outlook_question
    _title(f"{question.question}  {question.topic}", "respondents, by what they expect")
    outlooks = [outlook.short for outlook in evidence.outlooks]
    rows: list[tuple[str, ...]] = [("Provider", *outlooks, "Answered", "Nationally")]
    for line in lines:
        counts = [f"{count:,}" for count in line.own.counts.values()]
        totals = f"{line.own.total:,}", f"{line.national.total:,}"
        rows.append((line.provider.label, *counts, *totals))
    _print_table(rows)
    print("\nExpecting more, of those who answered about the type")
    _print_table(
        [("Provider", *_COMPARED)]
        + [(line.provider.label, *_compared(line.more)) for line in lines]
    )
    print("\nNet balance: expecting more less expecting fewer")
    _print_table(
        [("Provider", *_COMPARED)]
        + [(line.provider.label, *_compared(line.balance)) for line in lines]
    )


def _title(title: str, note: str) -> None:
    print(f"\n{title} ({note})")


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _compared(difference: Difference) -> tuple[str, ...]:
    national = f"{fixed(difference.national, 1, 100)}%"
    if difference.own is None or difference.points is None:
        return "", national, "", "", difference.verdict
    interval = f"{_points(difference.low)} to {_points(difference.high)}"
    own = f"{fixed(difference.own, 1, 100)}%"
    return own, national, f"{_points(difference.points)} points", interval, difference.verdict


def _points(value: float | None) -> str:
    """A difference in percentage points, with its sign."""
    text = fixed(value or 0.0, 1, 100)
    return text if text.startswith("-") or not text.strip("0.") else f"+{text}"


def _as_json(
    found: Survey, answers: Sequence[AnswerLine], providers: Sequence[ProviderLine]
) -> dict[str, Any]:
    return {
        "files": [_reading(reading) for reading in found.readings],
        "copies": [{"name": copy, "of": original} for copy, original in found.copies],
        "answers": [
            {
                "question": line.option.question,
                "answer": line.option.option,
                "count": line.count,
                "base": line.base,
                "national_count": line.option.count,
                "national_base": line.national_base,
                "share": line.share._asdict(),
            }
            for line in answers
        ],
        "providers": [
            {
                "provider": line.provider.provider,
                "counts": dict(line.own.counts),
                "answered": line.own.total,
                "national_counts": dict(line.national.counts),
                "national_answered": line.national.total,
                "expecting_more": line.more._asdict(),
                "net_balance": line.balance._asdict(),
            }
            for line in providers
        ],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "file": reading.file,
        "sheet": reading.sheet,
        "respondents": None if reading.answers is None else len(reading.answers),
        "columns": [column._asdict() for column in reading.columns],
        "not_read": list(reading.unused),
        "do_not_count": [each._asdict() for each in reading.unread],
        "count_as_other": [each._asdict() for each in reading.typed],
    }
