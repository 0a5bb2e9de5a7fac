from __future__ import annotations

import pytest

from commissioning.evidence import claims, pack

EVIDENCE = pack.load()
RESULTS = {result.claim.claim: result for result in claims.work_out_all(EVIDENCE)}

#: Claim: working, figure to four places, base, verdict; from the press release and the design.
EXPECTED: dict[str, tuple[str, float, int | None, str]] = {
    "respondents": ("103 + 2", 105, None, claims.HOLDS),
    "greater-role": ("84 / 103", 0.8155, 103, claims.HOLDS),
    "non-external": ("62.040 - 27.364 + 30.091", 64.767, None, claims.HOLDS),
    "non-external-exact": ("62.040 - 27.364 + 30.091", 64.767, None, claims.HOLDS),
    "in-house": ("81 / 5", 16.2, None, claims.HOLDS),
    "voluntary": ("76 / 93", 0.8172, 93, claims.HOLDS_INFERRED),
    "shared": ("75 / 93", 0.8065, 93, claims.HOLDS_INFERRED),
    "SMEs": ("70 / 93", 0.7527, 93, claims.HOLDS_INFERRED),
    "large": ("63 / 93", 0.6774, 93, claims.HOLDS_INFERRED),
}


def test_every_claim_has_an_expected_result() -> None:
    assert list(RESULTS) == list(EXPECTED)


@pytest.mark.parametrize("claim", EXPECTED)
def test_a_claim_is_worked_out_with_its_working_base_and_verdict(claim: str) -> None:
    working, value, base, verdict = EXPECTED[claim]
    result = RESULTS[claim]
    assert (result.working, result.base, result.verdict) == (working, base, verdict)
    assert round(result.value, 4) == value


@pytest.mark.parametrize("claim", EXPECTED)
def test_a_working_comes_to_the_figure_worked_out(claim: str) -> None:
    result = RESULTS[claim]
    total = eval(result.working, {"__builtins__": {}})  # noqa: S307 - our own arithmetic
    assert total == pytest.approx(result.value, abs=1e-12)


@pytest.mark.parametrize(
    ("claim", "row_total"), [("voluntary", 91), ("shared", 90), ("SMEs", 91), ("large", 91)]
)
def test_a_claim_on_the_inferred_base_shows_the_share_of_the_row_total_that_misses_it(
    claim: str, row_total: int
) -> None:
    result = RESULTS[claim]
    more = int(result.working.split(" / ")[0])
    assert result.base_status == "inferred"
    assert result.on_row_total == more / row_total
    assert not claims.holds(result.claim, result.on_row_total)


def test_a_claim_on_a_printed_base_has_no_second_share() -> None:
    assert RESULTS["greater-role"].base_status == "printed"
    assert RESULTS["greater-role"].on_row_total is None


@pytest.mark.parametrize(
    ("claim", "printed"),
    [("greater-role", 0.6), ("respondents", 105), ("in-house", 17), ("voluntary", 0.81)],
)
def test_a_claim_that_the_tables_do_not_bear_out_does_not_hold(claim: str, printed: float) -> None:
    wrong = RESULTS[claim].claim._replace(value=printed)
    assert claims.work_out(EVIDENCE, wrong).verdict == claims.FAILS


def test_a_claim_that_holds_on_the_row_total_too_holds_outright() -> None:
    claim = RESULTS["voluntary"].claim
    assert claims.verdict(claim, 0.82, 0.8249) == claims.HOLDS


def test_a_claim_that_holds_on_the_row_total_alone_does_not_hold() -> None:
    claim = RESULTS["voluntary"].claim
    assert claims.verdict(claim, 0.80, 0.82) == claims.FAILS
