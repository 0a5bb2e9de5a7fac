"""Damaged files of payments are read or refused in a sentence, never worse."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend import payments
from commissioning.council.spend.payments import Tally
from commissioning.errors import LocalisError
from payments_made import FEW
from spend_forms import write_ods

ROWS = [["Supplier Name", "Date", "Net Amount", "Directorate"]] + [
    [f'Firm "{n}", Ltd', f"{n % 28 + 1:02}/04/2019", f"{n * 3.5:.2f}", "Place"] for n in range(40)
]


@functools.cache
def sound(kind: str) -> bytes:
    """A sound file of a kind."""
    import csv

    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sound.{kind}"
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(ROWS)
        elif kind == "ods":
            write_ods(path, ROWS)
        else:
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate(ROWS):
                    sheet.write_row(number, 0, row)
        return path.read_bytes()


def damaged(data: bytes, wounds: list[tuple[float, int, bytes]]) -> bytes:
    """The data with some bytes cut out or put in, at fractions of its length."""
    for place, cut, put in wounds:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    return data


_WOUNDS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 30),
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from((b'"', b",", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf")),
        ),
    ),
    min_size=1,
    max_size=20,
)


@FEW
@given(st.sampled_from(("csv", "csv", "xlsx", "ods")), _WOUNDS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(
    kind: str, wounds: list[tuple[float, int, bytes]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"damaged.{kind}"
        path.write_bytes(damaged(sound(kind), wounds))
        try:
            reading = payments.read(path)
        except LocalisError as error:
            refused = str(error)
            assert "\n" not in refused
            return
        chunks = list(reading.chunks())
    count = sum(chunk.num_rows for chunk in chunks)
    pence = sum(sum(chunk["amount"].to_pylist()) for chunk in chunks)
    assert reading.read == Tally(count, pence)
