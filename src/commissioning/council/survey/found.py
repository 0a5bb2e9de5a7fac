"""What was read of one table of a survey, however it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What is counted: (question,) all who answered it; (question, option); (question, provider,
#: outlook). Codes as in the evidence.
Key = tuple[str, ...]


class Column(NamedTuple):
    """A column that was read.

    Attributes:
        name: its heading, or its letter.
        means: code of the question; of the provider, option or outlook too where it is about one
            alone; nothing where it has counts of several questions.
        reason: why, in words.
    """

    name: str
    means: Key
    reason: str


class Unread(NamedTuple):
    """An answer that is none of the evidence's.

    Attributes:
        where: file, sheet and row.
        row: as a spreadsheet counts.
        question: code of the question; empty where that is not known.
        text: as it stands there.
        reason: what is wrong with it, and what becomes of it.
    """

    where: str
    row: int
    question: str
    text: str
    reason: str


class Reading(NamedTuple):
    """One table.

    Attributes:
        file: name of the file.
        sheet: name of the sheet; empty for text.
        columns: what was read, in the order of the table.
        unused: names of the columns that were not.
        counts: respondents by key.
        unread: answers that do not count.
        typed: answers in respondents' own words, which count as "other".
        answers: what each respondent answered, in the order of the rows; None where the table has
            ready counts.
    """

    file: str
    sheet: str
    columns: Sequence[Column]
    unused: Sequence[str]
    counts: Mapping[Key, int]
    unread: Sequence[Unread]
    typed: Sequence[Unread]
    answers: Sequence[frozenset[Key]] | None
