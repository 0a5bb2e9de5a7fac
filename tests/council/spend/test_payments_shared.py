"""The files that five councils published, against the answers that people worked out by hand.

Every row, amount, date and beneficiary agrees but for what is listed here, where the reader is
right and the answer is not, or both can be held.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from commissioning.council.reading import amounts, text
from commissioning.council.spend.payments import read
from shared import COUNCIL_SPEND, needs_shared

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.council.spend.payments import Reading

pytestmark = needs_shared

PUBLISHED = sorted(COUNCIL_SPEND.glob("*/published/*.csv"))

#: Amounts: the answer took the column "Gross"; the code asks for the amount net of recoverable VAT
#: and the files have it beside.
GROSS = "salford"
#: Beneficiaries: two columns are named "Supplier Name" (or one of them "Supplier Name(T)"); the
#: answer took the first, which has the suppliers' numbers, the reader the second, with the names.
NUMBERS = {
    "harrogate/2016-12.csv",
    "harrogate/2021-09-supplier-spend.csv",
    "harrogate/2021-12-Brimhams-Active.csv",
    "harrogate/2021-12-Harrogate-Borough-Council.csv",
    "harrogate/2022-06-Brimhams-Active.csv",
}
#: Beneficiaries: a dash that the answer decoded once more than was right, "Â" before it.
TWICE_DECODED = {"harrogate/2022-08-Harrogate-Borough-Council.csv": 4}
#: Rows that are no payments: an amount alone at the end, which is no sum that can be found in the
#: file (rejected); one that is the sum of the twenty rows above; the second row of the headings.
NO_PAYMENTS = {
    "gateshead/2013-04.csv": {4105: "rejected"},
    "gateshead/2019-08.csv": {3382: "set aside"},
    "salford/2018-04.csv": {2: "headings"},
}


def name(path: Path) -> str:
    return f"{path.parents[1].name}/{path.name}"


def answers(path: Path) -> dict[int, dict[str, str]]:
    """The answers by row of the published file."""
    content = text.decode((path.parents[1] / "reference" / path.name).read_bytes())
    rows = csv.DictReader(io.StringIO(content, newline=""))
    # Some of the answers spell it so.
    return {
        number: {key.replace("Benificiary", "Beneficiary"): value for key, value in row.items()}
        for number, row in enumerate(rows, 2)
    }


def payments(path: Path) -> tuple[Reading, dict[int, dict[str, Any]]]:
    reading = read(path)
    return reading, {row["row"]: row for chunk in reading.chunks() for row in chunk.to_pylist()}


def test_all_of_the_shared_files_are_here() -> None:
    assert len(PUBLISHED) == 47


@pytest.mark.parametrize("path", PUBLISHED, ids=name)
def test_rows_amounts_dates_and_beneficiaries_agree_with_the_answers(path: Path) -> None:
    (reading, found), expected = payments(path), answers(path)
    none = NO_PAYMENTS.get(name(path), {})
    assert found.keys() == expected.keys() - none.keys()
    assert {note.row for note in reading.rejected} == (
        {row for row, why in none.items() if why == "rejected"}
    )
    assert {note.row for note in reading.aside} == (
        {row for row, why in none.items() if why == "set aside"}
    )
    differ: Counter[str] = Counter()
    for number, row in found.items():
        answer = expected[number]
        assert str(row["date"]) == answer["Payment Date"]
        assert (row["service"] or "") == answer["Organisational Unit"].strip()
        differ["amount"] += row["amount"] != amounts.pence(answer["Amount"])
        differ["beneficiary"] += row["beneficiary"] != answer["Beneficiary Name"].strip()
    if path.parents[1].name != GROSS:
        assert differ["amount"] == 0
    if name(path) not in NUMBERS:
        assert differ["beneficiary"] == TWICE_DECODED.get(name(path), 0)


@pytest.mark.parametrize("path", [path for path in PUBLISHED if GROSS in name(path)], ids=name)
def test_where_the_answer_is_gross_the_reader_has_the_net_amount_beside_it(path: Path) -> None:
    (reading, found), expected = payments(path), answers(path)
    rows = list(csv.reader(io.StringIO(text.decode(path.read_bytes()), newline="")))
    head = rows[reading.decisions[0].headings.body - 1]
    gross, net = head.index("Gross"), head.index("Net")
    for number, row in found.items():
        assert row["amount"] == amounts.pence(rows[number - 1][net])
        assert amounts.pence(expected[number]["Amount"]) == amounts.pence(rows[number - 1][gross])


@pytest.mark.parametrize("path", [path for path in PUBLISHED if name(path) in NUMBERS], ids=name)
def test_where_the_answer_is_a_number_the_reader_has_a_name(path: Path) -> None:
    (_, found), expected = payments(path), answers(path)
    assert all(expected[number]["Beneficiary Name"].isdecimal() for number in found)
    assert not any(row["beneficiary"].isdecimal() for row in found.values())
