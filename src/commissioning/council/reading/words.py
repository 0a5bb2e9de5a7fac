"""The words of a heading, brought to one form: abbreviations, plurals and slips of the pen.

The vocabulary is that of the Local Government Transparency Code, of English local government and
of its finance systems. Words that mean the same there become one word, so that a field need say
only "supplier name" to be found as "Vendor Name", "Payee" or "Beneficiary Name".
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

#: Marks of byte order as they look when they were decoded wrongly, once or more often.
MARKS = "\ufeffï»¿ÃÂ¯\u201aƒâ€šÅ\u0083"

#: What finance systems and clerks write for a word; the first of each line is kept.
_MEANINGS = """
account ac acc acct accounts
amount amt amnt
authority auth
business bus
capital cap
category cat categ catgry
centre center ctr cntr
charity char
classification classn
code cd
company co comp
contract contr
council cncl
credit cr
date dt dte
debit dr
department dept depmt deptmt
description desc descr descrip descript descriptor
directorate dir direct
distribution dist distrib distn
division div
document doc
end ended ends
excluding ex exc excl exclude exclusive without
expenditure exp expend expense spend spending spent
financial fin finance
group grp
including inc incl include inclusive
invoice inv
irrecoverable irrec unrecoverable unreclaimable irreclaimable
ledger gl
manager mgr
name nm
net nett
number no nr num nbr numb
organisation org orgn organization organisational organizational
payment pmt pymt paymt pay paid
period prd
postcode zip
purchase purch
quantity qty
received recd
recoverable reclaimable
redacted redact redaction
reference ref
registered reg regd registration regn
review rev
sequence seq
service serv svc svce srv
start commencement commence begin beginning
subjective subj
supplier supp suppl vendor vend payee creditor beneficiary recipient provider merchant contractor
text txt
title ttl
total tot
transaction trans tran txn trn trx transac
value val
voluntary vol voltry vcs vcse vcfs
voucher vchr
year yr
"""

#: Words to know, so that none of them is taken for a misspelling of another.
_KNOWN = """
actual address agreement area bank body branch budget card charge cheque class commodity committee
contact cost country county credit currency data day debit detail due duration email expiry
extension fax fee flag fund goods grade grant gross head holder id indicator issue item job journal
key label latest level line link list lot month narrative notice object office option order original
owner part phone place portfolio pounds post posted posting postal price primary process procurement
product programme project property published purpose rate reason record region request role route
run sector small sme sort source stage state status sub subtotal subject sum summary system tax team
telephone tender term time type unit updated url user vat ward week
"""

#: Words that say nothing about which column it is.
_FILLERS = frozenset(
    (
        *("a", "all", "an", "and", "any", "as", "at", "be", "by", "for", "from", "if", "in", "is"),
        *("incurred", "it", "of", "on", "or", "our", "s", "t", "that", "the", "this", "to", "was"),
        *("where", "which", "your"),
    )
)

#: Words from this length on can be told from a misspelling of another.
_LONG = 5

_FULL = {
    word: line.split()[0] for line in _MEANINGS.split("\n") if line for word in line.split()
} | {word: word for word in _KNOWN.split()}

#: What must be put into words before a heading is cut at its punctuation.
_SIGNS = (
    (re.compile(r"\bG\s*/\s*L\b", re.IGNORECASE), " ledger "),
    (re.compile(r"\bA\s*/\s*C\b", re.IGNORECASE), " account "),
    (
        re.compile(r"\b(?:non-?|cannot be|can ?not be|not) ?(?:recover|reclaim)\w*", re.IGNORECASE),
        " irrecoverable ",
    ),
    (re.compile(r"\bpost\s+code", re.IGNORECASE), "postcode"),
    (re.compile(r"\b(?:net of|less|minus)\s+(?=vat)", re.IGNORECASE), "excluding "),
    (re.compile(r"n[°º]|#"), " number "),
    (re.compile(r"£|\bGBP\b"), " pounds "),
    (re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]"), ""),
    # "SupplierName", "APInvoice".
    (re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})"), " "),
)
_WORD = re.compile(r"[a-z]+|\d+")


@lru_cache(maxsize=4096)
def words(heading: str, vocabulary: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a heading in their one form, without those that say nothing.

    Args:
        heading: as it stands in the file.
        vocabulary: further words that the reader of these headings knows.
    """
    text = heading.strip(MARKS)
    for sign, meaning in _SIGNS:
        text = sign.sub(meaning, text)
    found = [each for word in _WORD.findall(text.casefold()) for each in _known(word, vocabulary)]
    said = tuple(word for word in found if word not in _FILLERS) or tuple(found)
    if said == ("date",):
        # "From" and "To" say something where hardly another word does.
        said = tuple(word for word in found if word in ("date", "from", "to"))
    # A column may be headed by nothing but its unit.
    return said if said == ("pounds",) else tuple(word for word in said if word != "pounds")


def are_known(heading: str, vocabulary: frozenset[str] = frozenset()) -> bool:
    """Whether a heading has words, and all of them are known, whatever they say."""
    said = words(heading, vocabulary)
    return bool(said) and all(word in _FULL or word in vocabulary for word in said)


@lru_cache(maxsize=4096)
def _known(word: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The word, or words written as one, that a string of letters stands for."""
    for form in (word, word.removesuffix("s"), word.removesuffix("ies") + "y"):
        if form in _FULL or form in vocabulary or form in _FILLERS:
            return (_FULL.get(form, form),)
    parts = _parts(word, vocabulary)
    if parts:
        return parts
    # A short word is too near too many others.
    if len(word) >= _LONG:
        close = difflib.get_close_matches(word, [*_FULL, *vocabulary], n=1, cutoff=0.82)
        if close and len(close[0]) >= _LONG:
            return (_FULL.get(close[0], close[0]),)
    return (word,)


def _parts(word: str, vocabulary: frozenset[str]) -> tuple[str, ...] | None:
    """Two or three known words written as one, such as "suppliername"; None where it is not so."""
    if word in _FULL or word in vocabulary:
        return (_FULL.get(word, word),)
    for end in range(len(word) - 2, 2, -1):
        first = word[:end]
        if first in _FULL or first in vocabulary:
            rest = _parts(word[end:], vocabulary)
            if rest:
                return (_FULL.get(first, first), *rest)
    return None
