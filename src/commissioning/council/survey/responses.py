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
from commissioning.council.survey.claims import is_tick
from commissioning.council.survey.found import Column, Key, Reading, Unread
from commissioning.evidence.tabular import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from commissioning.council.reading.sources import Table
    from commissioning.council.survey.answers import Vocabulary
    from commissioning.council.survey.claims import Claim
    from commissioning.council.survey.columns import Header

#: So often a text may stand under "other"; oftener, it is an option in other words.
_MOST_TYPED = 2


#: Headings of one question begin with so many letters that are the same.
_ALIKE = 12


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
    what form tools write for it. In more than two rows it is an option in other words: it counts
    where an option's name stands in it, as the column's reason says, and else not. In fewer rows,
    a text with an option's name in it counts for neither. Nor does one count that says "don't
    know" or the like, or where no answer to the question is understood. Columns with answers
    whose headings are not understood, beside the question's own, are noted.

    Args:
        table: all its rows.
        vocabulary: the evidence's questions and answers.
        overrides: heading or letter of a column by what it is, which is not doubted.

    Raises:
        ColumnMissingError: an override names no column.
        LocalisError: two columns are equally good for one question.
    """
    table = survey_columns.for_people(table)
    header = survey_columns.find(table, vocabulary, overrides)
    return _Reader(table, header, vocabulary).reading() if header else None


class _Reader:
    """Reads the rows of a table whose columns are known."""

    def __init__(self, table: Table, header: Header, vocabulary: Vocabulary) -> None:
        self.table, self.header, self.vocabulary = table, header, vocabulary
        self.loose: list[_Loose] = []
        self.unread: list[Unread] = []
        self.typed: list[Unread] = []
        self.meant: dict[tuple[str, str], str] = {}

    def reading(self) -> Reading:
        """All respondents' answers, counted."""
        rows = dict(self._rows())
        answers = {number: self._answers(number, row) for number, row in rows.items()}
        self._judge_loose(answers)
        self._refuse_strays()
        answered = [
            frozenset(keys | {key[:1] for key in keys if key[0] in self.vocabulary.options})
            for keys in answers.values()
        ]
        names, claims = self.header.names, self.header.claims
        used = {claim.at for claim in claims}
        return Reading(
            self.table.file,
            self.table.sheet,
            columns=[Column(name_of(names[c.at], c.at), c.means, self._reason(c)) for c in claims],
            unused=[name_of(name, at) for at, name in enumerate(names) if at not in used],
            counts=Counter(key for keys in answered for key in keys),
            unread=sorted(self.unread),
            typed=sorted(self.typed),
            answers=answered,
        )

    def _reason(self, claim: Claim) -> str:
        """Why a column is what it is, and which options stand in it in other words."""
        meant = [
            f"{quoted(text)} is taken for {option}"
            for (question, text), option in self.meant.items()
            if claim.means == (question,)
        ]
        return "; ".join([claim.reason, *meant])

    def _refuse_strays(self) -> None:
        """Note the columns that have answers in them but whose headings are not understood."""
        names = self.header.names
        used = {claim.at for claim in self.header.claims}
        for question in (*self.vocabulary.options, self.vocabulary.outlook_question):
            places = [c.at for c in self.header.claims if c.means[0] == question and c.means[1:]]
            for at in set(range(len(names))) - used if places else ():
                # The columns of a question stand side by side, and their headings begin alike.
                is_alike = names[at][:_ALIKE] in {names[each][:_ALIKE] for each in places}
                is_within = min(places) < at < max(places) or (names[at] and is_alike)
                if is_within and self._has(at, question):
                    self._refuse_column(question, name_of(names[at], at))

    def _has(self, at: int, question: str) -> bool:
        """Whether a column's values are answers, such as may stand under one of the question's."""
        texts = [_cell(row, at) for row in self.table.rows[self.header.body :]]
        texts = [text for text in texts if not unanswered(text)]
        if question == self.vocabulary.outlook_question:
            return bool(texts) and all(map(self.vocabulary.outlooks.find, texts))
        return any(map(is_tick, texts)) and None not in map(is_tick, texts)

    def _refuse_column(self, question: str, name: str) -> None:
        reason = "has answers, but its heading says none that is asked for: they do not count"
        self._refuse(self.header.body, question, name, reason)

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
        single: set[Key] = {key[:2] for key in found if key[2:]}
        single |= {(q,) for q in self.vocabulary.options if q not in self.vocabulary.multiple}
        for asked in sorted(single):
            chosen = {key for key in found if key[: len(asked)] == asked}
            if len(chosen) > 1:
                found -= chosen
                self._refuse(
                    number,
                    asked[0],
                    ", ".join(key[-1] for key in sorted(chosen)),
                    "several answers where one was asked for: none counts",
                )
        return found

    def _answer(self, number: int, claim: Claim, text: str, before: Iterable[Key]) -> Iterator[Key]:
        """The keys that a cell counts for; `before` are those of the columns to its left."""
        question = claim.means[0]
        if question == self.vocabulary.outlook_question and not claim.means[2:]:
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
        question, option = means[0], means[-1]
        is_cell = question == self.vocabulary.outlook_question
        names = self.vocabulary.outlooks if is_cell else self.vocabulary.options[question]
        ticked = is_tick(text)
        is_other = not is_cell and option == self.vocabulary.other(question)
        if ticked or names.find(text) == option or (ticked is None and names.near(text) == option):
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
        parts = dict(self._parts_of_options(answers))
        understood = {key[0] for keys in answers.values() for key in keys}
        for row, question, text in self.loose:
            times, other = often[question, plain(text)], self.vocabulary.other(question)
            own_words = any(map(str.isalpha, text)) and not undecided(text)
            near = self.vocabulary.options[question].near(text)
            if option := parts.get((question, plain(text))):
                self.meant[question, text] = f"a part of {option}"
            elif near and times > _MOST_TYPED:
                answers[row].add((question, near))
                self.meant[question, text] = near
            elif other is None or question not in understood or not own_words:
                self._refuse(row, question, text, "not an answer to it: it does not count")
            elif near:
                reason = f"{near} in other words, or the respondent's own: it does not count"
                self._refuse(row, question, text, reason)
            elif times > _MOST_TYPED:
                reason = (
                    f"not an answer to it, and stands in {times} rows: it does not count until the "
                    "option that it stands for, or Other, is in its place"
                )
                self._refuse(row, question, text, reason)
            elif question not in self.vocabulary.multiple and any(
                key[0] == question for key in answers[row]
            ):
                continue
            else:
                answers[row].add((question, other))
                where = self.table.where(row)
                self.typed.append(Unread(where, row, question, text, "counts as other"))

    def _parts_of_options(
        self, answers: Mapping[int, set[Key]]
    ) -> Iterator[tuple[tuple[str, str], str]]:
        """Texts that stand with an option whenever it does: its own words after a comma."""
        rows: dict[tuple[str, str], set[int]] = {}
        for row, question, text in self.loose:
            rows.setdefault((question, plain(text)), set()).add(row)
        chosen: dict[Key, set[int]] = {}
        for row, keys in answers.items():
            for key in keys:
                chosen.setdefault(key, set()).add(row)
        for (question, text), places in rows.items():
            if question in self.vocabulary.multiple and len(places) > 1:
                for key, others in chosen.items():
                    if key[0] == question and others == places:
                        yield (question, text), key[1]

    def _refuse(self, row: int, question: str, text: str, reason: str) -> None:
        self.unread.append(Unread(self.table.where(row), row, question, text, reason))


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
