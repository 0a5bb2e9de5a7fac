from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.suppliers.providers import (
    Flag,
    Suggestion,
    suggest,
    with_namesakes,
)
from commissioning.council.suppliers.types import TYPES
from commissioning.evidence.pack import load
from shared import COUNCIL_SPEND, needs_shared

#: Names made up for the purpose, by the type that they tell.
NAMES = {
    "other-public": (
        "Marlshire NHS Foundation Trust", "NHS Marl CCG", "Nhs Estates Services Ltd",
        "MARLSHIRE COUNTY COUNCIL", "Wexcombe Town Council", "Fenby M.B.C.", "FENBY M B C",
        "London Borough of Fenby", "Marlshire Police", "Police & Crime Commissioner for Marl",
        "Marl Fire & Rescue Service", "Marlshire Combined Authority", "HMRC", "H M Revenue",
        "Department for Parks", "DWP", "Secretary of State for Roads", "Environment Agency",
        "University of Wexcombe", "Wexcombe Sixth Form College", "Fenby City College",
        "Fenby College of Further Education", "Marlshire Community College",
        "St Ann's CE (VA) Primary School", "Ling Lane J & I School", "Fenby High School",
        "Wexcombe Academy", "The Oaks Academy Trust", "Marl Pupil Referral Unit",
        "Marlshire Pension Fund", "Transport for Marl", "Fen Internal Drainage Board",
        "Ling Voluntary Aided Primary School", "Her Majesty's Courts Service",
    ),
    "VCS": (
        "Wexcombe Hospice", "Marl Voices CIC", "Marl Voices C.I.C.", "Fenby Housing Assoc Ltd",
        "Marl Credit Union Limited", "The Ling Charitable Trust", "Fen Family Trust",
        "Ling Farm Trust Ltd", "Marl Foundation", "Marl Autism Society", "Age Concern Fenby",
        "Citizens Advice Fenby", "Fenby Women's Aid", "Friends of Ling Park",
        "Marl Council for Voluntary Service", "St Ann's Parish Church", "Diocese of Marl",
        "Ling Village Hall", "Wexcombe Community Association", "Fenby Carers Centre",
        "Age UK Fenby Ltd", "Home-Start Fenby Limited", "Fenby Care & Repair Ltd",
        "Fenby Voluntary Action Ltd", "Marl Housing Group", "Fenby Amateur Dramatics",
        "Ling Over 60s", "Ling Sports & Social Club", "St Ann's Wexcombe P C C",
    ),
    "private": (
        "Wexcombe Care Ltd", "Wexcombe Care Limited", "Marl Energy plc", "Ling & Fenn LLP",
        "Wexcombe Care Limite", "Wexcombe Care Limtied", "Wexcombe Care Limi", "Fenn Unlimited",
        "Marl Systems GmbH", "Ling Fenn Solicitors", "Ling Fenn Associates", "Ling Funeral Service",
        "Fen Skip Hire", "Ling Medical Group", "Fen Properties", "Marl IT Services",
        "Ling Taxis", "A Bell Builders", "Ling & Sons", "Fenby Medical Practice", "Marl Fuels",
        "A Bell T/A Bell Interiors", "Confidential Shredding Ltd", "Mr Bun Ltd",
    ),
    "individual": (
        "Mr A Bell", "MRS ANN LING", "Ms A. B. Fenn", "Dr Ann Ling", "Mr & Mrs A Bell", "Mrs Fenn",
        "BELL A MR", "Ling, A B (Mrs)", "Private Individual",
    ),
    "redacted": (
        "REDACTED PERSONAL DATA", "Redacted", "Name withheld", "Personal Information",
        "REDACTED COMMERCIAL CONFIDENTIALITY", "Withheld under GDPR", "XXXXX", "***",
    ),
    "unknown": (
        "Wexcombe", "MARL", "The Limes Nursing Home", "Ling School", "Ling Day Nursery", "20751",
        "Various", "", "Not given", "Ms Travel", "Bell A", "Ling Bank", "Fen Building Society",
        "Marl Royal College", "Fenn Confidential Waste", "Fenby College", "Ling School Limited",
        "Fenby Community Leisure Ltd", "Fenby Theatre Limited", "Marl Society for the Aged Ltd",
        "Fenby University Enterprises Ltd", "Fen Housing Ltd", "Builders' Co-op Ltd",
        "Association of Marl Builders", "Institute of Fen Architects", "Marl Community Services",
        "Unlimited Dreams", "The Lime", "Inc Wexcombe", "Wexcombe Care Home",
    ),
}  # fmt: skip
EACH = [(name, provider) for provider, names in NAMES.items() for name in names]

flags = st.builds(Flag, st.integers(0, 9), st.integers(0, 9))
texts = st.none() | st.text() | st.sampled_from(["01234567", "RC000123", "RS001234", "1012345"])


@pytest.mark.parametrize(("name", "provider"), EACH)
def test_a_name_tells_the_type_or_leaves_it_unknown(name: str, provider: str) -> None:
    assert suggest(name).provider == provider


def test_the_first_five_types_are_those_of_the_survey() -> None:
    assert list(TYPES)[:5] == [provider.provider for provider in load().providers]


@pytest.mark.parametrize(
    ("facts", "provider", "reason"),
    [
        ({"company": "CE012345"}, "VCS", "Company number CE012345: a charitable organisation"),
        ({"company": "RS007654"}, "VCS", "Company number RS007654: a registered society"),
        ({"company": "IP12345R"}, "VCS", "Company number IP12345R: a registered society"),
        ({"company": "4859346"}, "private", "Company number 4859346 in the file"),
        ({"company": "oc 312345"}, "private", "Company number OC312345 in the file"),
        ({"company": "245717.0"}, "private", "Company number 245717 in the file"),
        ({"company": "RC000123"}, "unknown", "Nothing in the file or the name tells"),
        ({"company": "N/A"}, "unknown", "Nothing in the file or the name tells"),
        ({"company": "00000000"}, "unknown", "Nothing in the file or the name tells"),
        ({"charity": "212345"}, "VCS", "Charity number 212345 in the file"),
        (
            {"charity": "1012345", "company": "01234567"},
            "VCS",
            "Charity number 1012345 in the file",
        ),
        ({"charity": "none"}, "unknown", "Nothing in the file or the name tells"),
    ],
)
def test_a_registers_number_tells_the_kind(
    facts: dict[str, Any], provider: str, reason: str
) -> None:
    assert suggest("Wexcombe", **facts) == Suggestion(provider, reason)


@pytest.mark.parametrize(
    ("name", "sme", "voluntary", "found"),
    [
        ("Wexcombe Ltd", Flag(3), Flag(), ("SME", "Flagged as SME in the file")),
        ("Wexcombe Ltd", Flag(3), Flag(2), ("VCS", "Flagged as voluntary in the file")),
        (
            "Wexcombe Ltd",
            Flag(7, 2),
            Flag(),
            ("SME", "Flagged as SME on 7 of 9 flagged payments in the file"),
        ),
        ("Wexcombe Ltd", Flag(2, 2), Flag(), ("private", "Name has LTD")),
        ("Wexcombe Ltd", Flag(0, 2), Flag(), ("large", "Name has LTD; not an SME in the file")),
        ("Wexcombe", Flag(0, 2), Flag(), ("unknown", "Nothing in the file or the name tells")),
        ("Marl NHS Trust", Flag(0, 2), Flag(0, 2), ("other-public", "Name has NHS")),
        ("Fen Trust", Flag(), Flag(0, 1), ("unknown", "Nothing in the file or the name tells")),
        ("Redacted", Flag(3), Flag(), ("redacted", "Name says REDACTED")),
    ],
)  # fmt: skip
def test_flags_go_before_the_name_and_size_comes_from_them_alone(
    name: str, sme: Flag, voluntary: Flag, found: tuple[str, str]
) -> None:
    assert suggest(name, sme=sme, voluntary=voluntary) == found


@pytest.mark.parametrize("council", ["Fenby", "Fenby Borough Council", "Borough of Fenby"])
def test_the_paying_council_is_in_house_and_its_neighbours_are_not(council: str) -> None:
    for own in ("Fenby Council", "FENBY BOROUGH COUNCIL - Catering", "London Borough of Fenby"):
        assert suggest(own, council=council).provider == "in-house"
    for other in ("Fenby Town Council", "North Fenby Borough Council", "Fenbyshire County Council"):
        assert suggest(other, council=council).provider == "other-public"


def test_a_company_that_begins_as_the_council_is_pointed_out_and_not_guessed() -> None:
    found = suggest("Fenby Homes Ltd", council="Fenby Borough Council")
    reason = "Name has LTD and begins as the council's: its own company?"
    assert found == Suggestion("unknown", reason)
    assert suggest("Fenby Homes Ltd", council="Marlshire").provider == "private"


def test_a_company_named_after_a_cause_is_not_taken_for_one_for_profit() -> None:
    reason = "Name has LTD and DEAF: a company for profit?"
    assert suggest("Marl Deaf Centre Ltd") == Suggestion("unknown", reason)
    flagged = suggest("Marl Deaf Centre Ltd", sme=Flag(1))
    assert flagged == Suggestion("SME", "Flagged as SME in the file")


def test_an_unknown_supplier_follows_its_namesake_with_a_legal_form() -> None:
    found = {name: suggest(name) for name in ("MARL", "MARLLTD", "FEN", "FENLTD", "LING")}
    found["MARLLTD"] = Suggestion("SME", "Flagged as SME in the file")
    followed = with_namesakes(found)
    reason = "As its namesake in full: Flagged as SME in the file"
    assert followed == {**found, "MARL": Suggestion("SME", reason)}


@given(
    st.text(),
    st.fixed_dictionaries(
        {},
        optional={"sme": flags, "voluntary": flags, "company": texts, "charity": texts}
        | {"council": st.text()},
    ),
)
def test_any_facts_give_a_type_and_a_reason_and_size_needs_a_flag(
    name: str, facts: dict[str, Any]
) -> None:
    found = suggest(name, **facts)
    assert found.provider in TYPES
    assert found.reason
    if found.provider in {"SME", "large"}:
        assert facts["sme"].says is (found.provider == "SME")


@needs_shared
def test_most_pounds_of_published_files_have_a_type() -> None:
    for council in COUNCIL_SPEND.iterdir():
        paid: Counter[str] = Counter()
        for path in council.glob("reference/*.csv"):
            with path.open(encoding="utf-8", errors="replace", newline="") as stream:
                for row in csv.DictReader(stream):
                    name = row.get("Beneficiary Name") or row.get("Benificiary Name") or ""
                    paid[name] += int(Decimal(re.sub("[£,]", "", row["Amount"]) or 0) * 100)
        # A row without a name is a total that was left in.
        del paid[""]
        types: Counter[str] = Counter()
        for name, pence in paid.items():
            types[suggest(name, council=council.name).provider] += pence
        assert types["unknown"] < types.total() * 2 / 5
        assert not types.keys() & {"large", "SME"}
