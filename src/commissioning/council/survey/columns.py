"""Which column of a survey's export is which question, type of provider or option.

Headings stand in one to three rows, below titles or not: what tools write for machines among them
is left out. What each column asks, `claims` tells.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.reading.columns import letter, name_of
from commissioning.council.reading.sources import Table
from commissioning.council.survey.answers import plain, unanswered
from commissioning.council.survey.claims import Candidate, Claim, is_tick
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.council.survey.answers import Vocabulary
    from commissioning.council.survey.found import Key

#: Titles above the headings go no further down.
_DEEPEST = 20
#: So many rows show what a column is.
_SAMPLE = 200


class ColumnMissingError(LocalisError):
    """A table has no column of the name that `--columns` gives."""


class Header(NamedTuple):
    """The headings of a table.

    Attributes:
        first: their first row, from 0.
        body: the first row of answers, from 0; the same where there are no headings.
        names: what each column is called.
        claims: those columns that ask something.
    """

    first: int
    body: int
    names: Sequence[str]
    claims: Sequence[Claim]


def find(
    table: Table, vocabulary: Vocabulary, overrides: Mapping[Key, str] | None = None
) -> Header | None:
    """The columns that ask a question of the evidence; None where there is none.

    Args:
        table: all its rows.
        vocabulary: the evidence's questions and answers.
        overrides: heading or letter of a column by what it is, which is not doubted.

    Raises:
        ColumnMissingError: an override names no column.
        LocalisError: two columns are equally good for one question.
    """
    best = _named(table, overrides, vocabulary) if overrides else _best(table, vocabulary)
    if best and _are_answers(table, best, vocabulary):
        best = _header(table, best.first, best.first, vocabulary)
    return best and best._replace(claims=_settled(table, best, vocabulary))


def for_people(table: Table) -> Table:
    """The table without a row that names columns for machines, and without their codes above it.

    Qualtrics writes codes such as Q3_2, then the headings, then {"ImportId":"QID3_2"}.
    """
    for at, row in enumerate(table.rows[:_DEEPEST]):
        filled = [cell for cell in row if cell.strip()]
        if filled and sum(cell.lstrip().startswith('{"') for cell in filled) > len(filled) / 2:
            rows = list(table.rows)
            rows[max(at - 2, 0) : max(at - 1, 0)] = [[]] * (at > 1)
            rows[at] = []
            return Table(table.file, table.sheet, rows)
    return table


def _are_answers(table: Table, header: Header, vocabulary: Vocabulary) -> bool:
    """Whether what was taken for headings is the first respondent's answers.

    One heading may sound like an answer, "New skills" for example; most of them do not, and a
    single one is an answer only where somebody else gave it too.
    """
    claims = [each for each in header.claims if len(each.means) == 1 and header.names[each.at]]
    said = [each for each in claims if _said(vocabulary, each.means[0], header.names[each.at])]
    if len(claims) > 1:
        return 2 * len(said) > len(claims)
    below = (
        row[each.at] for each in said for row in table.rows[header.body :] if each.at < len(row)
    )
    return any(cell.strip() == header.names[said[0].at].strip() for cell in below)


def _said(vocabulary: Vocabulary, question: str, text: str) -> bool:
    pieces = vocabulary.pieces(question, text)
    return bool(pieces) and all(map(vocabulary.options[question].find, pieces))


def _best(table: Table, vocabulary: Vocabulary) -> Header | None:
    found = [
        _header(table, first, body, vocabulary)
        for first in _candidates(table)
        for body in _bodies(table, first)
    ]
    # Of equals the one without the title above it, and without the first answers below it.
    return max(
        (header for header in found if header.claims),
        key=lambda header: (round(_worth(header), 6), header.first - header.body, header.first),
        default=None,
    )


def _candidates(table: Table) -> Iterator[int]:
    """Where the headings may begin: no further down than the first row as full as most are."""
    filled = [sum(map(bool, map(str.strip, row))) for row in table.rows[:_SAMPLE]]
    usual = median([count for count in filled if count] or [0])
    for first, count in enumerate(filled[:_DEEPEST]):
        if count:
            yield first
        if count >= max(min(usual, 2), usual / 2):
            return


def _bodies(table: Table, first: int) -> Iterator[int]:
    """Where the answers may begin under headings that begin in a row."""
    yield first + 1
    if _is_spread(table, first):
        yield first + 2
        if _is_spread(table, first + 1) and _ends_above(table, first):
            yield first + 3


def _ends_above(table: Table, first: int) -> bool:
    """Whether nothing stands in a third row where a heading ended in the first, as answers do."""
    rows = table.rows[first : first + 3]
    upper, middle, lower = ([text.strip() for text in row] for row in rows)
    width = max(map(len, rows))
    padded = ([*row, *[""] * (width - len(row))] for row in (upper, middle, lower))
    return not any(top and low and not mid for top, mid, low in zip(*padded, strict=True))


def _is_spread(table: Table, first: int) -> bool:
    """Whether the row after a heading's goes on with it.

    It does below blanks, below the name of a group that is repeated, or with what tools say.
    """
    upper, *lower = table.rows[first : first + 2]
    repeated = {at for at, (one, other) in enumerate(pairwise(upper), 1) if one == other}
    return bool(lower) and any(
        (text.strip() and (at >= len(upper) or not upper[at].strip() or at in repeated))
        or plain(text) in ("response", "open ended response")
        for at, text in enumerate(lower[0])
    )


def _worth(header: Header) -> float:
    found = {claim.means: claim for claim in header.claims}
    return sum(min(claim.said, 1) + claim.share for claim in found.values())


def _header(table: Table, first: int, body: int, vocabulary: Vocabulary) -> Header:
    sample = [row for row in table.rows[body : body + _SAMPLE] if any(row)]
    names: list[str] = []
    claims: list[Claim] = []
    for at, heading in enumerate(_headings(table, first, body)):
        # Without headings it could be a respondent's address, which is not to be shown.
        names.append("" if any("@" in text for text in heading) else " ".join(heading))
        values = [row[at].strip() for row in sample if at < len(row)]
        values = [value for value in values if not unanswered(value)]
        before = claims[-1].means[0] if claims and claims[-1].at == at - 1 else ""
        if claim := Candidate(at, heading, values, before, vocabulary).claim():
            claims.append(claim)
    return Header(first, body, names, claims)


def _headings(table: Table, first: int, body: int) -> list[list[str]]:
    """Each column's headings from the top; an upper one goes for all beside with one below."""
    width = max(map(len, table.rows[first : body + _SAMPLE]), default=0)
    rows = [[" ".join(cell.split()) for cell in row] for row in table.rows[first:body]]
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    found = []
    above = [""] * (len(padded) - 1)
    for *uppers, text in zip(*padded, strict=True):
        for depth, upper in enumerate(uppers):
            if upper:
                above[depth:] = [upper, *[""] * (len(above) - depth - 1)]
            elif not text:
                above[depth] = ""
        found.append([each for each in (*above, text) if each] or [""])
    return found or [[""]] * width


def _named(table: Table, overrides: Mapping[Key, str], vocabulary: Vocabulary) -> Header | None:
    """The header with the columns that somebody named; without a header, the first row is one."""
    header = _best(table, vocabulary)
    if header is None:
        first = next(at for at, row in enumerate(table.rows) if any(map(str.strip, row)))
        header = _header(table, first, first + 1, vocabulary)
    lower = [heading[-1] for heading in _headings(table, header.first, header.body)]
    letters = [letter(at) for at in range(len(lower))]
    claims = list(header.claims)
    for means, wanted in overrides.items():
        for known in (header.names, lower, letters):
            places = [at for at, name in enumerate(known) if _same(name, wanted)]
            if places:
                break
        else:
            names = ", ".join(name_of(name, at) for at, name in enumerate(header.names))
            raise ColumnMissingError(
                f"{table.where(header.first + 1)} has no column {wanted!r} (for "
                f"{':'.join(means)}); there are {names}."
            )
        whole = len(means) == 1
        claims = [
            claim
            for claim in claims
            if claim.at != places[0] and (claim.means[:1] if whole else claim.means) != means
        ]
        claims.append(Claim(places[0], means, 1, 1, "named with --columns"))
    return header._replace(claims=sorted(claims, key=lambda claim: claim.at))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _settled(table: Table, header: Header, vocabulary: Vocabulary) -> list[Claim]:
    """One column for each meaning; a question is one column or one for each option, not both."""
    kept: dict[Key, Claim] = {}
    more: list[Claim] = []
    for claim in header.claims:
        rival = kept.get(claim.means)
        if rival and _go_together(table, header, rival, claim, vocabulary):
            more.append(claim)
        elif rival is None or claim.rank > rival.rank:
            kept[claim.means] = claim
        elif claim.rank == rival.rank:
            means = ":".join(claim.means)
            names = [name_of(header.names[each.at], each.at) for each in (rival, claim)]
            raise LocalisError(
                f"{table.where(header.first + 1)}: {names[0]} and {names[1]} are equally good for "
                f"{means}: say which with --columns {means}={letter(rival.at)} or "
                f"--columns {means}={letter(claim.at)}."
            )
    for question in vocabulary.options:
        other = vocabulary.other(question)
        single = [key for key in kept if key[0] == question and key[1:] not in ((), (other,))]
        if (question,) in kept:
            for key in [(question,)] if len(single) > 1 else single:
                del kept[key]
    for key in [key for key in kept if key[2:]]:
        # A type of provider has a column, or one for each outlook.
        kept.pop(key[:2], None)
    return sorted([*kept.values(), *more], key=lambda claim: claim.at)


def _go_together(
    table: Table, header: Header, ticks: Claim, texts: Claim, vocabulary: Vocabulary
) -> bool:
    """Whether two columns are about "other": one that it was chosen, one what was typed then."""
    question, *option = ticks.means
    if question not in vocabulary.options or option != [vocabulary.other(question)]:
        return False
    rows = [row for row in table.rows[header.body :] if max(ticks.at, texts.at) < len(row)]
    said = [
        [not unanswered(row[each.at]) and is_tick(row[each.at]) is not False for row in rows]
        for each in (ticks, texts)
    ]
    both = sum(map(all, zip(*said, strict=True)))
    return 2 * both >= min(map(sum, said))
