"""What a formula is made of, as far as the rules need it; nothing is worked out.

Grammar: ECMA-376 part 1, 18.17; structured references: the workbook's `Table[[#This Row],[X]]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_FORMULA = 8_192

_TOKEN = re.compile(
    r"""
      (?P<string>"[^"]*(?:""[^"]*)*")
    | (?P<quoted>'[^']*(?:''[^']*)*')
    | (?P<error>\#(?:N/A|NAME\?|DIV/0!|GETTING_DATA|[A-Z]+!))
    | (?P<word>[\w\\$?.]+)
    | (?P<space>\s+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_BRACKETS = re.compile(r"'.|[\[\]]", re.DOTALL)
_COLUMN = re.compile(r"\[((?:'.|[^\[\]'])*)\]", re.DOTALL)
_ESCAPED = re.compile(r"'(.)", re.DOTALL)
_CLOSING = {"(": ")", "{": "}"}


class Token(NamedTuple):
    """A piece of a formula: kind is a group of the grammar, or "bracket" for all of [ to ]."""

    kind: str
    text: str


@dataclass(frozen=True)
class Scan:
    """What a formula is made of; where `fault` says what is unbalanced, the rest is empty.

    Attributes:
        text: the formula.
        fault: what is unbalanced, None where nothing is.
        functions: names as written, without their parenthesis.
        sheets: titles of the sheets of this workbook that it refers to.
        tables: table and its column, "" for a reference to no column; "" for the table's own.
        external: whether it refers to another workbook.
        displayed: whether it has what only Excel's display has: [@Column], @A1 or A1#.
        broken: whether it has #REF!.
    """

    text: str
    fault: str | None = None
    functions: frozenset[str] = frozenset()
    sheets: frozenset[str] = frozenset()
    tables: frozenset[tuple[str, str]] = frozenset()
    external: bool = False
    displayed: bool = False
    broken: bool = False


class _UnbalancedError(Exception):
    """Says what is unbalanced."""


def scan(formula: str) -> Scan:
    """Take a formula to pieces; unbalanced ones are reported, never refused.

    Of a formula that is too long for Excel only the text is kept.
    """
    if len(formula) > LONGEST_FORMULA:
        return Scan(formula)
    try:
        tokens = list(_tokens(formula))
        _check_nesting(tokens)
    except _UnbalancedError as error:
        return Scan(formula, fault=str(error))
    trios = list(zip([_NOTHING, *tokens], tokens, [*tokens[1:], _NOTHING], strict=False))
    return Scan(
        formula,
        functions=frozenset(
            token.text for _, token, after in trios if token.kind == "word" and after.text == "("
        ),
        sheets=frozenset(
            title
            for before, token, after in trios
            if after.text == "!" and before.kind != "bracket"
            for title in _titles(token)
        ),
        tables=frozenset(
            (before.text if before.kind == "word" else "", column)
            for before, token, after in trios
            if token.kind == "bracket" and not _is_workbook(before, token, after)
            for column in _table_columns(token.text)
        ),
        # A workbook calls itself [0].
        external=any(_is_workbook(*trio) and trio[1].text != "[0]" for trio in trios),
        displayed=any(_is_displayed(token) for token in tokens),
        broken=Token("error", "#REF!") in tokens,
    )


_NOTHING = Token("", "")


def _tokens(formula: str) -> Iterator[Token]:
    position = 0
    while match := _TOKEN.match(formula, position):
        token = Token(match.lastgroup or "", match.group())
        if token.text == "[":
            token = Token("bracket", formula[position : _bracket_end(formula, position)])
        elif token.kind == "mark" and token.text in "\"'":
            what = "a text" if token.text == '"' else "a sheet name"
            raise _UnbalancedError(f"{what} opens with {token.text} and never closes")
        elif token.text == "]":
            raise _UnbalancedError("] closes nothing")
        yield token
        position += len(token.text)


def _bracket_end(formula: str, start: int) -> int:
    """The position after the bracket that closes the one at `start`; ' escapes what follows."""
    depth = 0
    for match in _IN_BRACKETS.finditer(formula, start):
        depth += {"[": 1, "]": -1}.get(match.group(), 0)
        if not depth:
            return match.end()
    raise _UnbalancedError("[ is never closed")


def _check_nesting(tokens: Sequence[Token]) -> None:
    expected: list[str] = []
    for token in tokens:
        if token.text in _CLOSING:
            expected.append(_CLOSING[token.text])
        elif token.text in _CLOSING.values() and (not expected or expected.pop() != token.text):
            raise _UnbalancedError(f"{token.text} closes nothing")
    if expected:
        raise _UnbalancedError(f"{expected[-1]} is missing")


def _is_workbook(before: Token, token: Token, after: Token) -> bool:
    """Whether a token names another workbook: [1]Sheet!A1, [1]!Name or '[1]My sheet'!A1."""
    if token.kind == "bracket":
        return before.kind != "word" and (after.kind in {"word", "quoted"} or after.text == "!")
    return token.kind == "quoted" and after.text == "!" and "[" in token.text


def _is_displayed(token: Token) -> bool:
    return token.text in {"@", "#"} or (token.kind == "bracket" and token.text.startswith("[@"))


def _titles(token: Token) -> frozenset[str]:
    """The sheet before an exclamation mark, or both ends of a span of sheets in quotes."""
    if token.kind == "word":
        return frozenset({token.text})
    if token.kind == "quoted" and "[" not in token.text:
        return frozenset(token.text[1:-1].replace("''", "'").split(":"))
    return frozenset()


def _table_columns(bracket: str) -> set[str]:
    """The columns that the brackets of a structured reference name, unescaped; "" for none."""
    content = bracket[1:-1].removeprefix("@")
    nested = "[" in _ESCAPED.sub("", content)
    names = _COLUMN.findall(content) if nested else [content]
    # A leading # marks an item such as #Headers; that of a column's name is escaped.
    return {_ESCAPED.sub(r"\1", name) for name in names if not name.startswith("#")} or {""}


#: Functions newer than Excel 2007: a file writes them with _xlfn. before the name.
#: Source: [MS-XLSX] 2.2.2, future functions.
NEW_FUNCTIONS = frozenset(
    """
    ACOT ACOTH AGGREGATE ANCHORARRAY ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST
    BINOM.DIST.RANGE BINOM.INV BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH
    CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS
    CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC
    CSCH DAYS DECIMAL DROP ENCODEURL ERF.PRECISE ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT
    F.INV F.INV.RT F.TEST FILTER FILTERXML FLOOR.MATH FLOOR.PRECISE FORECAST.ETS
    FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT
    GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS GROUPBY HSTACK HYPGEOM.DIST IFNA IFS IMAGE
    IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA LET
    LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST
    NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC
    PERCENTOF PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI PIVOTBY POISSON.DIST QUARTILE.EXC
    QUARTILE.INC RANDARRAY RANK.AVG RANK.EQ REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST RRI SCAN
    SEC SECH SEQUENCE SHEET SHEETS SINGLE SKEW.P SORT SORTBY STDEV.P STDEV.S STOCKHISTORY SWITCH
    T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT
    TOCOL TOROW TRIMRANGE UNICHAR UNICODE UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE
    WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
    """.split()  # noqa: SIM905 - names read better without 160 pairs of quotes
)
