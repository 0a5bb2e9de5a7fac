"""The council's own survey of members and managers, with the national survey's questions.

A file has a row for each respondent, as form tools export it, or ready counts; several files are
waves of one survey and are added up. Who did not answer a question is not in its base, as in the
national survey.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.reading.columns import Field, parse_overrides
from commissioning.council.reading.content import Kind
from commissioning.council.reading.sources import read_tables
from commissioning.council.survey import responses, tallies
from commissioning.council.survey.answers import Vocabulary
from commissioning.council.survey.columns import ColumnMissingError
from commissioning.errors import LocalisError
from commissioning.evidence.tabular import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from commissioning.council.survey.found import Key, Reading
    from commissioning.evidence.pack import Evidence

#: How improbable it must be, in bits, that respondents answer alike one after the other by chance,
#: before a table is taken for a copy of another.
_NO_ACCIDENT = 30
#: So many equal counts are no accident either.
_EQUAL_COUNTS = 10


class Survey(NamedTuple):
    """Everything that was read.

    Attributes:
        readings: the tables that count, in the order of the files.
        copies: names of tables that do not, each with that of a table that has all their answers.
        counts: respondents of all of them by (question,), (question, option) and (question,
            provider, outlook); what nobody answered is not there.
    """

    readings: Sequence[Reading]
    copies: Sequence[tuple[str, str]]
    counts: Mapping[Key, int]


def read(paths: Iterable[Path], evidence: Evidence, columns: str | None = None) -> Survey:
    """Read the files of a survey.

    Args:
        paths: of the files.
        evidence: the survey whose questions were asked.
        columns: which column is which, where the choice is wrong, as `c="Skills needed",SME=H`:
            a question's letter, a type of provider, or a question and option as `c:none`.

    Raises:
        LocalisError: a file cannot be read or has no answer to the evidence's questions, two
            columns are equally good for a question, or `columns` names what is not there.
    """
    vocabulary = Vocabulary(evidence)
    overrides = _overrides(columns, vocabulary)
    readings: list[Reading] = []
    copies: list[tuple[str, str]] = []
    known: dict[bytes, Path] = {}
    for path in paths:
        found = _read_file(path, vocabulary, overrides)
        first = known.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
        if first is path:
            readings += found
        else:
            copies.append((path.name, first.name))
    kept, more = _without_copies(readings)
    counts: Counter[Key] = Counter()
    for reading in kept:
        counts.update(reading.counts)
    return Survey(kept, copies + more, counts)


def _overrides(text: str | None, vocabulary: Vocabulary) -> dict[Key, str]:
    """What `--columns` says, by what the columns are."""
    known: dict[str, Key] = {question: (question,) for question in vocabulary.options}
    for provider in vocabulary.evidence.providers:
        known[provider.provider] = vocabulary.outlook_question, provider.provider
    for option in vocabulary.evidence.options:
        known[f"{option.question}:{option.option}"] = option.question, option.option
    fields = [Field(name.casefold(), name, Kind.TEXT) for name in known]
    keys = {name.casefold(): key for name, key in known.items()}
    return {keys[name]: heading for name, heading in parse_overrides(text, fields).items()}


def _read_file(path: Path, vocabulary: Vocabulary, overrides: Mapping[Key, str]) -> list[Reading]:
    tables = read_tables(path)
    ready = [] if overrides else [r for t in tables if (r := tallies.read(t, vocabulary))]
    counted = {reading.sheet for reading in ready}
    found, lacking = [], []
    for table in tables:
        try:
            reading = table.sheet not in counted and responses.read(table, vocabulary, overrides)
        except ColumnMissingError as error:
            lacking.append(error)
        else:
            found += [reading] if reading else []
    if lacking and not found:
        raise lacking[0]
    # Where a workbook has the responses, its counts are those of the responses.
    used = [reading for reading in found if reading.counts] or ready
    if not any(any(reading.counts.values()) for reading in used):
        raise _nothing(path, [*ready, *found], vocabulary)
    return used


def _nothing(path: Path, found: Sequence[Reading], vocabulary: Vocabulary) -> LocalisError:
    """What is wrong with a file in which no answer was found."""
    for reading in found:
        if reading.unread:
            first = reading.unread[0]
            if reading.answers is None:
                return LocalisError(f"{first.where}: {first.reason}.")
            return LocalisError(
                f"{first.where}: {quoted(first.text)} is no answer to question {first.question}, "
                f"nor is any other in {path}; the answers are "
                f"{', '.join(_answers(first.question, vocabulary))}."
            )
    if found:
        return LocalisError(f"{path} has the questions of the survey, but nobody answered them.")
    asked = ", ".join(f"{q.question} ({q.topic.lower()})" for q in vocabulary.evidence.questions)
    return LocalisError(
        f"{path} has no column and no counts that answer a question of the survey: {asked}; "
        "choose the export of the responses, or say which column is which, such as --columns "
        'a="How are services delivered?".'
    )


def _answers(question: str, vocabulary: Vocabulary) -> list[str]:
    """The labels of a question's answers."""
    evidence = vocabulary.evidence
    if question == vocabulary.outlook_question:
        return [outlook.label for outlook in evidence.outlooks]
    return [option.label for option in evidence.options_of(question)]


def name(reading: Reading) -> str:
    """A table in words."""
    return f"{reading.file}, sheet {reading.sheet}" if reading.sheet else reading.file


def _without_copies(readings: Sequence[Reading]) -> tuple[list[Reading], list[tuple[str, str]]]:
    """The tables that no other one holds, and the names of the others beside theirs.

    A later export of a survey that is still open begins, or ends, with the responses of the
    earlier one.
    """
    kept: list[Reading] = []
    copies = []
    for at, reading in enumerate(readings):
        larger = [each for each in readings[at + 1 :] if _length(each) > _length(reading)]
        others = [*kept, *larger]
        holder = next((other for other in others if _holds(other, reading)), None)
        if holder is None:
            kept.append(reading)
        else:
            copies.append((name(reading), name(holder)))
    return kept, copies


def _holds(larger: Reading, smaller: Reading) -> bool:
    """Whether one table has all that another has, and more or less certainly not by chance."""
    if smaller.answers is None or larger.answers is None:
        same = smaller.answers is larger.answers and smaller.counts == larger.counts
        return same and len(smaller.counts) >= _EQUAL_COUNTS
    long, short = list(larger.answers), list(smaller.answers)
    if short not in (long[: len(short)], long[len(long) - len(short) :]):
        return False
    often = Counter(long)
    return sum(math.log2(len(long) / often[each]) for each in short) >= _NO_ACCIDENT


def _length(reading: Reading) -> int:
    return len(reading.answers or ())
