"""What the check finds, and the registry of the rules that find it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commissioning.check.model import Workbook

#: "repair": Excel would offer to repair the file. "safety": figures or links not to be relied on.
#: "accessibility": an essential rule for spreadsheets of public bodies. "advice": the rest of them.
Group = Literal["repair", "safety", "accessibility", "advice"]

#: A row of faults fills a screen and says the same: the rest is counted.
MOST_FINDINGS = 20
#: Characters of a message; a cell may hold thousands.
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes:
        rule: id of the rule that found it.
        where: sheet and cell (Claims!B4), sheet, or part of the package; empty for the whole file.
        message: what is wrong, one sentence.
        remedy: what to do about it, one sentence.
    """

    rule: str
    where: str
    message: str
    remedy: str


#: Where it is and what is wrong, as a rule's function yields it.
Fault = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """A rule: its id, its group, what it demands, the remedy, and the search for faults."""

    id: str
    group: Group
    description: str
    remedy: str
    faults: Callable[[Workbook], Iterator[Fault]]

    def findings(self, workbook: Workbook) -> Iterator[Finding]:
        """The first faults in a workbook, and one finding that counts the rest."""
        faults = self.faults(workbook)
        for where, message in islice(faults, MOST_FINDINGS):
            yield Finding(self.id, printable(where), printable(message), self.remedy)
        if rest := sum(1 for _ in faults):
            yield Finding(self.id, "", f"the same in {rest:,} more places", self.remedy)


def printable(text: str) -> str:
    """A text from a file as a message may show it: on one line, no control characters, not long."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in text[:LONGEST_MESSAGE]
    )
    return shown if len(text) <= LONGEST_MESSAGE else f"{shown}..."


#: Every rule by id, in the order of declaration.
RULES: dict[str, Rule] = {}


def rule(
    rule_id: str, group: Group, description: str, remedy: str
) -> Callable[[Callable[[Workbook], Iterator[Fault]]], Callable[[Workbook], Iterator[Fault]]]:
    """Register a function that yields (where, message) for each fault in a workbook."""

    def register(
        faults: Callable[[Workbook], Iterator[Fault]],
    ) -> Callable[[Workbook], Iterator[Fault]]:
        RULES[rule_id] = Rule(rule_id, group, description, remedy, faults)
        return faults

    return register
