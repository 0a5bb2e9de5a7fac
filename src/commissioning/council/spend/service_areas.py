"""The service areas of council expenditure, and which of them a council's own service is part of.

Councils pay by directorate and cost centre, as they are organised; expenditure is compared by
service area, as councils report it to central government.

Source: the areas are those of the revenue outturn returns to central government, shortened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from commissioning.council.suppliers.names import words

#: Words of a service's name that tell its area, as `names.words` gives them.
_WORDS = {
    "Education": r"""
        EDUCATION\w*|SCHOOLS?|PUPILS?|TEACH\w+|NURSER(?:Y|IES)|SEND|SPECIAL (?:EDUCATIONAL )?NEEDS
        |EARLY YEARS|LEARNING(?! (?:DIS|AND DEV))
    """,
    "Highways and transport": r"""
        HIGHWAYS?|ROADS?|TRANSPORT\w*|TRAFFIC|PARKING|STREET LIGHTING|BRIDGES|WINTER SERVICE
    """,
    "Children's social care": r"""
        CHILD|CHILDREN\w*|CHILDRENS|FOSTERING|ADOPTION|LOOKED AFTER|CARE LEAVERS|YOUTH JUSTICE
        |YOUTH OFFENDING|YOUNG PEOPLE\w*
    """,
    "Adult social care": r"""
        ADULTS?|OLDER PEOPLE|LEARNING DISABILIT\w+|PHYSICAL DISABILIT\w+|MENTAL HEALTH|HOME ?CARE
        |SUPPORTED LIVING|CARE HOMES
    """,
    "Public health": r"""
        PUBLIC HEALTH|SEXUAL HEALTH|SUBSTANCE MISUSE|DRUGS?|ALCOHOL|SMOKING|OBESITY|HEALTH VISITING
    """,
    "Housing": r"""
        HOUSING|HOMELESS\w*|TENAN(?:TS?|CY|CIES)|LANDLORDS?|HRA
    """,
    "Culture and leisure": r"""
        CULTUR\w+|LEISURE|LIBRAR(?:Y|IES)|MUSEUMS?|GALLER(?:Y|IES)|ARTS?|THEATRES?|SPORTS?|HERITAGE
        |TOURISM|RECREATION|PARKS(?! AND RIDE)|OPEN SPACES?|SWIMMING|ARCHIVES?
    """,
    "Environment and waste": r"""
        ENVIRONMENT\w*|WASTE|REFUSE|RECYCLING|CLEANSING|STREET CLEAN\w*|STREET SCENE|STREETSCENE
        |CEMETER\w+|CREMATOR\w+|BEREAVEMENT|TRADING STANDARDS|LICENSING|PEST CONTROL|FLOOD\w*
        |COMMUNITY SAFETY
    """,
    "Planning and development": r"""
        (?<!FINANCIAL )(?<!EMERGENCY )(?<!WORKFORCE )PLANNING(?! AND PERFORMANCE)|REGENERATION
        |BUILDING CONTROL|DEVELOPMENT (?:CONTROL|MANAGEMENT)|ECONOM(?:Y|IC)\w*|TOWN CENTRES?
    """,
    "Central services": r"""
        FINANC(?:E|IAL)\w*|LEGAL|LAW|HUMAN RESOURCES|HR|ICT|IT|DIGITAL|CORPORATE|DEMOCRATIC
        |GOVERNANCE|ELECTIONS?|ELECTORAL|CHIEF EXECUTIVES?|AUDIT|PROCUREMENT|PAYROLL|REVENUES
        |COUNCIL TAX|CUSTOMER\w*|COMMUNICATIONS|CENTRAL SERVICES|REGISTRARS?|CORONERS?|FACILITIES
        |INSURANCE|RESOURCES|POLICY|TRANSFORMATION
    """,
}

#: The areas in the order in which they are shown.
AREAS = tuple(_WORDS)

_PATTERNS = {
    area: re.compile(r"\b(?:" + re.sub(r"\n *", "", text) + r")\b") for area, text in _WORDS.items()
}

#: Words of directorates, which join several areas whatever else the name says.
_SEVERAL = re.compile(
    r"\b(?:COMMUNIT(?:Y(?! SAFETY)|IES)|PLACE|NEIGHBOURHOODS?|^CARE(?! HOMES)"
    r"|(?<!YOUNG )(?<!OLDER )(?<!FOR )PEOPLE)\b"
)

#: What parts the levels of a name, such as "Place - Highways" or "Children's Services-Education".
_LEVELS = re.compile(r"\s[-\u2013\u2014]\s|(?<!\bNon)-(?=[A-Z])|[>:|/\\]")


class Suggestion(NamedTuple):
    """The area that a service seems to be part of, "" where that cannot be told, and why."""

    area: str
    reason: str


def suggest(service: str) -> Suggestion:
    """The area that a service seems to be part of, by the words of its name.

    Of a name with levels the last counts that says anything: "Children's Services - Education" is
    Education. A level that speaks of several areas, such as "Children, Adults and Families", is
    left to the officer: its money belongs to no single one of them.
    """
    for level in reversed(_LEVELS.split(service)):
        text = words(level)
        found = {area: match[0] for area in AREAS if (match := _PATTERNS[area].search(text))}
        said = list(found.values())
        if found and (several := _SEVERAL.search(text)):
            said.append(several[0])
        if len(said) == 1:
            return Suggestion(next(iter(found)), f"Name has {said[0]}")
        if said:
            return Suggestion("", f"Name has {' and '.join(said)}")
    return Suggestion("", "Nothing in the name tells")
