"""A survey as ready counts: lists of answers with their counts, and grids of outlooks.

A list has an answer and a count in each row: question by question below their titles, as survey
tools print summaries, or with the question, and the type of provider, in columns of their own. A
grid has a row for each type of provider and a column for each outlook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commissioning.council.reading.columns import name_of
from commissioning.council.survey.answers import plain
from commissioning.council.survey.found import Column, Key, Reading, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commissioning.council.reading.sources import Table
    from commissioning.council.survey.answers import Vocabulary

#: No summary of a survey is longer.
_MOST_ROWS = 1000
#: Score from which a title says what is asked (see `Vocabulary.scores`).
_ASKED = 1.5
#: So many outlooks side by side are the heading of a grid.
_GRID = 3

_COUNTS = frozenset(
    re.split(
        r"\s*[|\n]\s*",
        """count|counts|response count|responses|respondents|number|n|frequency|votes|total
        number of responses|number of respondents""",
    )
)
_ANSWERED = frozenset(
    re.split(
        r"\s*[|\n]\s*",
        """answered|answered question|base|respondents|total respondents|total answered
        number answered|number of respondents|n|all who answered|total""",
    )
)
_ASIDE = frozenset(["skipped", "skipped question", "not answered", "no answer"])
_PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_FIGURE = re.compile(r"[\d\s.,%()£-]+")


def read(table: Table, vocabulary: Vocabulary) -> Reading | None:
    """The counts of a table; None where it has none."""
    if len(table.rows) > _MOST_ROWS:
        return None
    walk = _Walk(table, vocabulary)
    for number, row in enumerate(table.rows, 1):
        walk.row(number, {at: cell.strip() for at, cell in enumerate(row) if cell.strip()})
    return walk.reading()


def _count(text: str) -> int | None:
    """A count such as "36", "1,036", "(36)" or "36 (35.0%)"; None for anything else."""
    rest = _PERCENT.sub("", text).strip("() \N{NO-BREAK SPACE}")
    match = re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,9}", rest, re.ASCII)
    return int(rest.replace(",", "")) if match else None


def _texts(cells: Mapping[int, str]) -> dict[int, str]:
    """The cells that are no figures."""
    return {at: text for at, text in cells.items() if not _FIGURE.fullmatch(text)}


class _Walk:
    """Goes down a table and remembers under which title and headings it is."""

    def __init__(self, table: Table, vocabulary: Vocabulary) -> None:
        self.table, self.vocabulary = table, vocabulary
        self.counts: dict[Key, int] = {}
        self.rows: dict[Key, int] = {}
        self.bases: dict[str, int] = {}
        self.unread: list[Unread] = []
        self.columns: dict[int, str] = {}
        self.outlooks: dict[int, str] = {}
        self.strange = 0
        self.titled: str | None = None
        self.last: str | None = None
        self.grid: Mapping[int, str] = {}
        self.counted_in: int | None = None
        self.headed = False

    def row(self, number: int, cells: Mapping[int, str]) -> None:
        """Take the next row, its cells that are not blank by their places."""
        counts = {at: n for at, text in cells.items() if (n := _count(text)) is not None}
        texts = _texts(cells)
        if not texts:
            return
        if not counts:
            self._heading(texts)
        elif self.grid:
            self._grid_row(number, cells, counts)
        else:
            self._list_row(number, cells, counts)

    def _heading(self, texts: Mapping[int, str]) -> None:
        outlooks = {at: found for at, text in texts.items() if (found := self._outlook(text))}
        if len(set(outlooks.values())) >= _GRID:
            self.grid, self.counted_in = outlooks, None
            self.columns |= {at: texts[at] for at in outlooks}
            self.outlooks |= outlooks
            return
        for text in texts.values():
            scores = self.vocabulary.scores(text)
            best = max(scores, key=lambda question: scores[question])
            if scores[best] >= _ASKED:
                self.titled, self.last, self.grid, self.counted_in = best, None, {}, None
        for at, text in texts.items():
            if plain(text) in _COUNTS:
                self.grid, self.counted_in = {}, at
                self.columns.setdefault(at, text)
                return
        self.headed = self.headed or len(texts) > 1

    def _count_under(
        self, at: int, cells: Mapping[int, str], counts: Mapping[int, int]
    ) -> int | None:
        """The count under a heading: to the right of its percentage, where that stands there."""
        is_beside = at in cells and at not in counts and at + 1 not in self.grid
        return counts.get(at + 1 if is_beside else at)

    def _grid_row(self, number: int, cells: Mapping[int, str], counts: Mapping[int, int]) -> None:
        name = next(iter(_texts(cells).values()))
        provider = self.vocabulary.providers.near(name)
        if provider:
            for at, outlook in self.grid.items():
                key = self.vocabulary.outlook_question, provider, outlook
                self._take(number, key, self._count_under(at, cells, counts) or 0)
        elif plain(name) not in _ANSWERED | _ASIDE:
            self._refuse(number, self.vocabulary.outlook_question, name, "not a type of provider")

    def _list_row(self, number: int, cells: Mapping[int, str], counts: Mapping[int, int]) -> None:
        texts = _texts(cells)
        if self.counted_in is None:
            # Without headings a count stands to the right of its answer; under headings that
            # are none of counts, a number is anything.
            after = [n for at, n in counts.items() if at > max(texts)]
            count = after[0] if len(after) == 1 and not self.headed else None
        else:
            count = self._count_under(self.counted_in, cells, counts)
        if count is None:
            return
        named, rest = self._question(list(texts.values()))
        if self._base(named, rest, count):
            return
        keys = self._keys(named, rest)
        if len(keys) == 1:
            self.last = keys[0][0]
            self._take(number, keys[0], count)
        elif keys:
            self.strange += 1
        else:
            self._refuse(number, named or self.titled or "", " / ".join(rest), "not an answer")

    def _question(self, texts: list[str]) -> tuple[str | None, list[str]]:
        """The question that a row names itself, and the row's other texts."""
        for text in texts[:-1]:
            scores = self.vocabulary.scores(text)
            best = max(scores, key=lambda question: scores[question])
            if scores[best] >= _ASKED:
                return best, [other for other in texts if other is not text]
        return None, texts

    def _base(self, named: str | None, texts: Sequence[str], count: int) -> bool:
        """Whether a row says how many answered, or something that is not counted."""
        words = {plain(text) for text in texts}
        if words & _ASIDE:
            return True
        question = named or self.last or self.titled
        if question is None or not words & _ANSWERED:
            return False
        ticks = sum(n for key, n in self.counts.items() if key[0] == question)
        # A total of the ticks says nothing of who ticked.
        if words & (_ANSWERED - {"total"}) or count != ticks:
            self.bases[question] = count
        return True

    def _keys(self, named: str | None, texts: Sequence[str]) -> list[Key]:
        """What a row's texts can mean: one key, or several where it is no row of a list."""
        providers = {found for text in texts if (found := self.vocabulary.providers.find(text))}
        outlooks = {found for text in texts if (found := self._outlook(text))}
        shift = self.vocabulary.outlook_question
        if providers and outlooks and named in (None, shift):
            return [(shift, each, other) for each in providers for other in outlooks]
        meant = {
            question: {option for text in texts if (option := options.find(text))}
            for question, options in self.vocabulary.options.items()
            if named in (None, question)
        }
        likely = next((q for q in (self.last, self.titled) if q and meant.get(q)), None)
        return [
            (question, option)
            for question, options in meant.items()
            if likely in (None, question)
            and (likely or named or not self.vocabulary.needs_heading(question))
            for option in sorted(options)
        ]

    def _outlook(self, text: str) -> str | None:
        return self.vocabulary.outlooks.find(text)

    def _take(self, number: int, key: Key, count: int) -> None:
        if key in self.counts:
            self.strange += 1
            self._refuse(number, key[0], ", ".join(key[1:]), f"is in row {self.rows[key]} already")
        else:
            self.counts[key], self.rows[key] = count, number

    def _refuse(self, number: int, question: str, text: str, reason: str) -> None:
        where = self.table.where(number)
        self.unread.append(Unread(where, number, question, text, f"{reason}: it does not count"))

    def reading(self) -> Reading | None:
        """What was counted; None where the rows look like those of respondents or say nothing."""
        if len(self.counts) <= max(1, self.strange):
            return None
        for question in self.vocabulary.options:
            self._settle(question)
        shift = self.vocabulary.outlook_question
        columns = [
            Column(name_of(text, at), means, "has the counts")
            for at, text in sorted(self.columns.items())
            for means in [(shift, self.outlooks[at]) if at in self.outlooks else ()]
        ]
        return Reading(
            self.table.file, self.table.sheet, columns, (), self.counts, self.unread, (), None
        )

    def _settle(self, question: str) -> None:
        """Note how many answered a question; its counts fall where nothing says so."""
        counts = {key: n for key, n in self.counts.items() if key[0] == question}
        if not counts:
            return
        row = max(self.rows[key] for key in counts)
        total, most, base = sum(counts.values()), max(counts.values()), self.bases.get(question)
        if question not in self.vocabulary.multiple:
            if base is not None and base != total:
                reason = f"taken as {total}, the sum of the answers; {base} as the number"
                self._refuse(row, question, "all who answered", reason)
            base = total
        elif base is None or not most <= base <= total:
            reason = (
                "several answers were possible, so that a row 'answered question' must say how "
                f"many answered ({most} to {total}); without it, question {question}"
            )
            self._refuse(row, question, "" if base is None else str(base), reason)
            for key in counts:
                del self.counts[key]
            return
        self.counts[question,] = base
