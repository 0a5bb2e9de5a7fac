"""Payments written in every odd form are read back as they were."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given

from commissioning.council.spend.payments import read
from payments_made import FEW
from spend_forms import FORMS, PAYMENTS, Form, Payment, write

if TYPE_CHECKING:
    from collections.abc import Sequence


def rows(path: Path) -> list[dict[str, Any]]:
    return [row for chunk in read(path).chunks() for row in chunk.to_pylist()]


def as_read(payment: Payment) -> tuple[object, ...]:
    """The payment as the reader is to give it."""
    purpose = None if payment.purpose in ("", "#N/A") else payment.purpose
    return (payment.date, payment.service, payment.beneficiary, purpose, payment.amount)


def assert_read_back(payments: Sequence[Payment], form: Form) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "spend", payments, form)
        found = read(path)
        given_back = [row for chunk in found.chunks() for row in chunk.to_pylist()]
    fields = ("date", "service", "beneficiary", "purpose", "amount")
    assert [tuple(row[code] for code in fields) for row in given_back] == list(
        map(as_read, payments)
    )
    assert [row["transaction"] for row in given_back] == [each.transaction for each in payments]
    assert found.rejected == []
    assert found.read.pence == sum(payment.amount for payment in payments)


@FEW
@given(PAYMENTS, FORMS)
def test_payments_in_any_odd_form_are_read_back(payments: list[Payment], form: Form) -> None:
    assert_read_back(payments, form)
