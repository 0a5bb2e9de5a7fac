"""Which service area a council's service is part of, by the words of its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend.service_areas import AREAS, suggest


@pytest.mark.parametrize(
    ("service", "area"),
    [
        ("Adult Social Care", "Adult social care"),
        ("ADULT SERVICES", "Adult social care"),
        ("Services for people with learning disabilities", "Adult social care"),
        ("Children's Services", "Children's social care"),
        ("Fostering & Adoption", "Children's social care"),
        ("Schools", "Education"),
        ("Highways", "Highways and transport"),
        ("Public Health Commissioning", "Public health"),
        ("Housing Revenue Account", "Housing"),
        ("Libraries", "Culture and leisure"),
        ("Waste Collection", "Environment and waste"),
        ("Economic Development", "Planning and development"),
        ("I.T.", "Central services"),
        ("Financial Planning", "Central services"),
    ],
)
def test_a_word_that_is_of_one_area_tells_it(service: str, area: str) -> None:
    assert suggest(service).area == area


@pytest.mark.parametrize(
    ("service", "area"),
    [
        ("Children's Services - Education", "Education"),
        ("Place-Highways", "Highways and transport"),
        ("Corporate Resources > Libraries", "Culture and leisure"),
        ("Children's Services: Schools - Non-School", "Education"),
        ("Adult Services - Capital", "Adult social care"),
    ],
)
def test_the_last_level_that_says_anything_counts(service: str, area: str) -> None:
    assert suggest(service).area == area


@pytest.mark.parametrize(
    "service",
    ["Children, Adults and Families", "Communities & Environment", "Care, Wellbeing and Learning"],
)
def test_a_service_of_several_areas_is_left_to_the_officer(service: str) -> None:
    area, reason = suggest(service)
    assert area == ""
    assert " and " in reason


@pytest.mark.parametrize("service", ["Strategic Accounts", "HCC", "", "Not given", "Park and Ride"])
def test_a_name_that_tells_nothing_has_no_area(service: str) -> None:
    assert suggest(service) == ("", "Nothing in the name tells")


@given(st.text())
def test_every_name_has_one_of_the_areas_or_none(service: str) -> None:
    assert suggest(service).area in {"", *AREAS}
