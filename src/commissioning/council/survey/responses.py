"""A survey as form tools export it: one row for each respondent.

Microsoft and Google Forms, SmartSurvey, SurveyMonkey and what writes likewise. Only the columns
that ask a question of the evidence are read; respondents' names, addresses and times are not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.reading.columns import name_of
from commissioning.council.survey import columns as survey_columns
from commissioning.council.survey.answers import plain, unanswered, undecided
from commissioning.council.survey.found import Column, Key, Reading, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from commissioning.council.reading.sources import Table
    from commissioning.council.survey.answers import Vocabulary
    from commissioning.council.survey.columns import Claim, Header

#: So often a text may stand under "other"; oftener, it is an option in other words.
_MOST_TYPED = 2


class _Loose(NamedTuple):
    """A text that is no option of its question."""

    row: int
    question: str
    text: str


def read(
    table: Table, vocabulary: Vocabulary, overrides: Mapping[Key, str] | None = None
) -> Reading | None:
    """The answers of a table; None where none of its columns asks a question of the evidence.

    A text that is no option counts as "other" where the question has that option, for that is
    what form tools write for it. It does not count where it stands in more than two rows, and is
    then an option in words that are not understood, nor where it says "don't know" or the like,
    nor where no answer to the question is understood.

    Args:
        table: all its rows.
        vocabulary: the evidence's questions and answers.
        overrides: heading or letter of a column by what it is, which is not doubted.

    Raises:
        ColumnMissingError: an override names no column.
        LocalisError: two columns are equally good for one question.
    """
    header = survey_columns.find(table, vocabulary, overrides)
    return _Reader(table, header, vocabulary).reading() if header else None


class _Reader:
    """Reads the rows of a table whose columns are known."""

    def __init__(self, table: Table, header: Header, vocabulary: Vocabulary) -> None:
        self.table, self.header, self.vocabulary = table, header, vocabulary
        self.loose: list[_Loose] = []
        self.unread: list[Unread] = []
        self.typed: list[Unread] = []

    def reading(self) -> Reading:
        """All respondents' answers, counted."""
        rows = dict(self._rows())
        answers = {number: self._answers(number, row) for number, row in rows.items()}
        self._judge_loose(answers)
        answered = [
            frozenset(keys | {key[:1] for key in keys if key[0] in self.vocabulary.options})
            for keys in answers.values()
        ]
        names, claims = self.header.names, self.header.claims
        used = {claim.at for claim in claims}
        return Reading(
            self.table.file,
            self.table.sheet,
            columns=[Column(name_of(names[c.at], c.at), c.means, c.reason) for c in claims],
            unused=[name_of(name, at) for at, name in enumerate(names) if at not in used],
            counts=Counter(key for keys in answered for key in keys),
            unread=sorted(self.unread),
            typed=sorted(self.typed),
            answers=answered,
        )

    def _rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that somebody filled in, with their numbers; repeated headings are none."""
        used = [claim.at for claim in self.header.claims]
        last = self.table.rows[self.header.body - 1] if self.header.body > self.header.first else ()
        heading = [_cell(last, at) for at in used]
        for number, row in enumerate(self.table.rows[self.header.body :], self.header.body + 1):
            if any(map(str.strip, row)) and [_cell(row, at) for at in used] != heading:
                yield number, row

    def _answers(self, number: int, row: Sequence[str]) -> set[Key]:
        found: set[Key] = set()
        for claim in self.header.claims:
            text = _cell(row, claim.at)
            if not unanswered(text):
                found.update(self._answer(number, claim, text, found))
        for question in self.vocabulary.options:
            chosen = {key for key in found if key[0] == question}
            if len(chosen) > 1 and question not in self.vocabulary.multiple:
                found -= chosen
                self._refuse(
                    number,
                    question,
                    ", ".join(key[1] for key in sorted(chosen)),
                    "several answers where one was asked for: none counts",
                )
        return found

    def _answer(self, number: int, claim: Claim, text: str, before: Iterable[Key]) -> Iterator[Key]:
        """The keys that a cell counts for; `before` are those of the columns to its left."""
        question = claim.means[0]
        if question == self.vocabulary.outlook_question:
            if outlook := self.vocabulary.outlooks.find(text):
                yield *claim.means, outlook
            else:
                self._refuse(number, question, text, "not an outlook: it does not count")
        elif claim.means[1:]:
            yield from self._tick(number, claim.means, text, before)
        else:
            for piece in self.vocabulary.pieces(question, text):
                if option := self.vocabulary.options[question].find(piece):
                    yield question, option
                elif not unanswered(piece):
                    self.loose.append(_Loose(number, question, piece))

    def _tick(self, number: int, means: Key, text: str, before: Iterable[Key]) -> Iterator[Key]:
        question, option = means
        ticked = survey_columns.is_tick(text)
        is_other = option == self.vocabulary.other(question)
        if ticked or self.vocabulary.options[question].find(text) == option:
            yield means
        elif ticked is None and is_other:
            # A comment beside the one answer, where only one was asked for.
            if question in self.vocabulary.multiple or not any(k[0] == question for k in before):
                yield means
        elif ticked is None:
            self._refuse(number, question, text, "neither a tick nor none: it does not count")

    def _judge_loose(self, answers: Mapping[int, set[Key]]) -> None:
        """Texts that are no option: the respondent's own words, or words not understood."""
        often = Counter((each.question, plain(each.text)) for each in self.loose)
        understood = {key[0] for keys in answers.values() for key in keys}
        for row, question, text in self.loose:
            times, other = often[question, plain(text)], self.vocabulary.other(question)
            own_words = any(map(str.isalpha, text)) and not undecided(text)
            if other is None or question not in understood or not own_words:
                self._refuse(row, question, text, "not an answer to it: it does not count")
            elif times > _MOST_TYPED:
                reason = f"not an answer to it, and stands in {times} rows: it does not count"
                self._refuse(row, question, text, reason)
            elif question not in self.vocabulary.multiple and any(
                key[0] == question for key in answers[row]
            ):
                continue
            else:
                answers[row].add((question, other))
                where = self.table.where(row)
                self.typed.append(Unread(where, row, question, text, "counts as other"))

    def _refuse(self, row: int, question: str, text: str, reason: str) -> None:
        self.unread.append(Unread(self.table.where(row), row, question, text, reason))


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
