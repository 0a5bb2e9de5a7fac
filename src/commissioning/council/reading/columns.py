"""Which column of a table is which field: by heading and content together, with the reasons.

A field says what headings it can have, in the words of the trade, and what kind of values. Each
pair of field and column is worth the product of both; the pairs with the largest sum win, so that
"Supplier Name" over numbers gives way to another "Supplier Name" over names. Nothing is remembered
of any council.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase
from typing import TYPE_CHECKING

from commissioning.council.reading.content import Content, Kind, content, fit
from commissioning.council.reading.matching import best_pairs
from commissioning.council.reading.words import are_known, words
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What a heading of the three degrees counts.
_SURE, _LIKELY, _FAINT = 1.0, 0.7, 0.4
#: Each word of a heading beyond those that the field knows makes it so much less clear.
_STRANGE = 0.4
#: What content alone counts, where the heading says nothing.
_UNSAID = 0.3
#: A heading that is worth less to every field says nothing.
_NOTHING = 0.15
#: Pairs that are worth less are chance.
_ENOUGH = 0.12
#: A field leaves a column to another that it is worth far more to.
_RIGHT = 0.6
#: What another column must be worth to be named as passed over.
_MENTIONED = 0.5
#: Fields that are needed choose first.
_NEEDED = 1.5


@dataclass(frozen=True)
class Field:
    """What a table can tell of each row.

    Attributes:
        code: name in the program, and on the left of `--columns`.
        label: name in words.
        kind: of its values.
        sure: headings that mean it beyond doubt; "supplier name" stands for "Vendor Name" and
            "Payee name" too (see `words`).
        likely: headings that mean it where no surer one is there.
        faint: headings that may mean it.
        needed: without it the table is not of this sort.
        unsaid: content alone can tell it, where no heading does.
        beside: it stands in such tables, and is known only so that it is taken for nothing else.
    """

    code: str
    label: str
    kind: Kind
    sure: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    needed: bool = False
    unsaid: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Choice:
    """The column of a field: its place from 0, its heading, and why it was chosen."""

    field: Field
    column: int
    heading: str
    reason: str

    @property
    def name(self) -> str:
        """The column in words."""
        return name_of(self.heading, self.column)


@dataclass(frozen=True)
class Recognition:
    """What was recognised.

    Attributes:
        choices: by the field's code.
        unused: headings of the columns that are no field.
        missing: fields that are needed and have no column.
    """

    choices: dict[str, Choice]
    unused: tuple[str, ...]
    missing: tuple[Field, ...]

    def column(self, code: str) -> int | None:
        """The column of a field, from 0; None where it has none."""
        return self.choices[code].column if code in self.choices else None


def recognise(  # noqa: PLR0913 - all but three are by name
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    fields: Sequence[Field],
    *,
    overrides: Mapping[str, str] | None = None,
    hints: Mapping[tuple[str, int], tuple[float, str]] | None = None,
    where: str = "",
) -> Recognition:
    """Find each field's column.

    Args:
        headings: one for each column, "" where there is none (see `headings.find`).
        rows: some rows under them, as text; short ones are taken as blank at the end.
        fields: what to look for.
        overrides: heading, or letter of the column, by the field's code; it is not doubted.
        hints: by field's code and column, how much more the pair is worth and why.
        where: file and sheet, for messages.

    Raises:
        LocalisError: an override names no field or no column.
    """
    scores = _Scores(headings, rows, fields, hints or {})
    given = _given(headings, fields, overrides or {}, where)
    found = {code: (column, "named with --columns") for code, column in given.items()}
    for row, column in scores.pairs(given).items():
        found[fields[row].code] = column, scores.reason(row, column)
    choices = {
        each.code: Choice(each, column, headings[column].strip(), reason)
        for each in fields
        if each.code in found
        for column, reason in [found[each.code]]
    }
    used = {choice.column for choice in choices.values()}
    return Recognition(
        choices,
        unused=tuple(text.strip() for at, text in enumerate(headings) if at not in used),
        missing=tuple(each for each in fields if each.needed and each.code not in choices),
    )


def vocabulary(fields: Iterable[Field]) -> frozenset[str]:
    """All words that the fields' headings have, as they are written there."""
    return frozenset(
        word
        for each in fields
        for phrase in (*each.sure, *each.likely, *each.faint)
        for word in phrase.split()
    )


def heading_worth(each: Field, heading: str, known: frozenset[str]) -> float:
    """How far a heading means a field, from 0 to 1; `known` is the fields' vocabulary."""
    said = frozenset(words(heading, known))
    return max(
        (
            degree * len(meant) / (len(meant) + _STRANGE * len(said - meant))
            for degree, meant in _meanings(each, known)
            if meant <= said
        ),
        default=0.0,
    )


@lru_cache(maxsize=1024)
def _meanings(each: Field, known: frozenset[str]) -> tuple[tuple[float, frozenset[str]], ...]:
    """The words of each heading that a field can have, and what it counts."""
    degrees = ((_SURE, each.sure), (_LIKELY, each.likely), (_FAINT, each.faint))
    meant = ((degree, frozenset(words(text, known))) for degree, some in degrees for text in some)
    return tuple((degree, said) for degree, said in meant if said)


def parse_overrides(text: str | None, fields: Sequence[Field]) -> dict[str, str]:
    """What `--columns` says: `amount="Net Amount",date=Paid` as heading by field's code.

    Raises:
        LocalisError: it is not of that form, or names a field that is none of these.
    """
    found: dict[str, str] = {}
    codes = [each.code for each in fields if not each.beside]
    # The quotation marks stand within a part, where the csv module does not look for them.
    for part in _parts(text or ""):
        code, sign, heading = (each.strip() for each in part.partition("="))
        heading = heading.strip('"')
        if not sign or not heading:
            raise LocalisError(
                f"--columns: {part.strip()!r} is not a field and its column: write it as "
                'amount="Net Amount",date=Paid.'
            )
        if code.casefold() not in codes:
            raise LocalisError(f"--columns: {code!r} is no field; there are {', '.join(codes)}.")
        found[code.casefold()] = heading
    return found


def name_of(heading: str, column: int) -> str:
    """A column in words: its heading, or its letter where it has none."""
    said = " ".join(heading.split())
    return f'"{said}"' if said else f"column {letter(column)}"


def letter(column: int) -> str:
    """A column's letter as a spreadsheet shows it, from 0 for A."""
    before, last = divmod(column, len(ascii_uppercase))
    return (letter(before - 1) if before else "") + ascii_uppercase[last]


class _Scores:
    """What each pair of field and column is worth."""

    def __init__(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        fields: Sequence[Field],
        hints: Mapping[tuple[str, int], tuple[float, str]],
    ) -> None:
        known, count = vocabulary(fields), len(headings)
        self._headings, self._fields, self._hints = headings, fields, hints
        self._known = known
        self._content = [
            content([row[at] if at < len(row) else "" for row in rows]) for at in range(count)
        ]
        self._said = [[heading_worth(each, text, known) for text in headings] for each in fields]
        claimed = [max((row[at] for row in self._said), default=0.0) for at in range(count)]
        self._worth = [
            [self._pair(row, at, claimed[at]) for at in range(count)] for row in range(len(fields))
        ]
        self._leave_to_others()

    def _pair(self, row: int, column: int, claimed: float) -> float:
        each, said = self._fields[row], self._said[row][column]
        fitting = fit(each.kind, self._content[column])
        worth = self._hints.get((each.code, column), (0.0, ""))[0]
        if said:
            worth += said * (0.1 + 0.9 * fitting)
        elif each.unsaid and claimed < _NOTHING and self._is_open(each, column):
            worth += _UNSAID * fitting
        return worth * (_NEEDED if each.needed else 1) if worth >= _ENOUGH else 0.0

    def _is_open(self, each: Field, column: int) -> bool:
        """Whether content may tell a field; labels differ only in what they are called."""
        named = each.kind is Kind.LABEL and are_known(self._headings[column], self._known)
        return self._content[column].filled > 0 and not named

    def _leave_to_others(self) -> None:
        """Take no column for a field that another one, which is wanted too, has far more right to.

        The sum could be larger with two poor pairs than with one that is beyond doubt.
        """
        pairs = zip(self._worth, self._fields, strict=True)
        wanted = [row for row, each in pairs if not each.beside]
        most = [max(column) for column in zip(*wanted, strict=True)]
        for row in self._worth:
            row[:] = [
                worth if worth >= _RIGHT * best else 0.0
                for worth, best in zip(row, most, strict=True)
            ]

    def pairs(self, given: Mapping[str, int]) -> dict[int, int]:
        """Field to column, both by place, for those that nobody has given."""
        taken = set(given.values())
        return best_pairs(
            [
                [
                    0.0 if each.code in given or at in taken else value
                    for at, value in enumerate(row)
                ]
                for each, row in zip(self._fields, self._worth, strict=True)
            ]
        )

    def reason(self, row: int, column: int) -> str:
        """Why a field has its column."""
        each, found = self._fields[row], self._content[column]
        if self._said[row][column]:
            text = "by its heading"
        else:
            text = "no heading says so, but its values do"
        text += f"; {_measure(each.kind, found)}"
        if hint := self._hints.get((each.code, column), (0.0, ""))[1]:
            text += f"; {hint}"
        others = [
            at for at, worth in enumerate(self._worth[row]) if worth > _MENTIONED and at != column
        ]
        if each.needed and others:
            names = ", ".join(name_of(self._headings[at], at) for at in others)
            text += f"; rather than {names}"
        return text


def _measure(kind: Kind, found: Content) -> str:
    """What the values of the sample are, in words."""
    shares = {
        Kind.MONEY: (found.money, "amounts"),
        Kind.NUMBER: (found.money, "numbers"),
        Kind.DATE: (max(found.date, found.serial), "dates"),
        Kind.NAME: (found.worded, "words"),
        Kind.FLAG: (found.flag, "flags"),
        Kind.COMPANY: (found.company, "company numbers"),
        Kind.CHARITY: (found.charity, "charity numbers"),
        Kind.POSTCODE: (found.postcode, "postcodes"),
    }
    if not found.filled:
        return "the first rows have no values"
    if kind in shares:
        share, noun = shares[kind]
        return f"{share:.0%} of the {found.filled} values looked at are {noun}"
    return f"{found.distinct} different in the {found.filled} values looked at"


def _given(
    headings: Sequence[str], fields: Sequence[Field], overrides: Mapping[str, str], where: str
) -> dict[str, int]:
    """The columns that the overrides name, by the field's code."""
    found: dict[str, int] = {}
    names = [heading.strip().casefold() for heading in headings]
    letters = [letter(at).casefold() for at in range(len(headings))]
    for code, wanted in overrides.items():
        text = wanted.strip().casefold()
        options = names if text in names else letters
        if text not in options:
            raise LocalisError(
                f"{where or 'The table'} has no column {wanted!r} (for {code}); there are "
                f"{', '.join(name_of(heading, at) for at, heading in enumerate(headings))}."
            )
        found[code] = options.index(text)
    if unknown := [code for code in found if all(code != each.code for each in fields)]:
        raise LocalisError(f"--columns: {unknown[0]!r} is no field of such a table.")
    return found


def _parts(text: str) -> list[str]:
    """The text cut at its commas, but for those between quotation marks."""
    parts, quoted = [""], False
    for sign in text:
        quoted ^= sign == '"'
        if sign == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part.strip()]
