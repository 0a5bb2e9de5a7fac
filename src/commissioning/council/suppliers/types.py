"""The provider types: those of the survey, and what cannot be told apart from the files."""

LARGE, SME, IN_HOUSE, OTHER_PUBLIC, VOLUNTARY = "large", "SME", "in-house", "other-public", "VCS"
PRIVATE, INDIVIDUAL, REDACTED, UNKNOWN = "private", "individual", "redacted", "unknown"

#: All types in the order in which they are shown, and what each is called.
TYPES = {
    LARGE: "Large private companies",
    SME: "Small and medium-sized companies",
    IN_HOUSE: "In-house or the council's own company",
    OTHER_PUBLIC: "Other public sector",
    VOLUNTARY: "Voluntary and community organisations",
    PRIVATE: "Private, size unknown",
    INDIVIDUAL: "Individuals",
    REDACTED: "Redacted",
    UNKNOWN: "Unknown",
}

#: The types that a council buys from. Payments to the others are mostly no procurement: precepts
#: and grants to public bodies, its own companies, carers and claimants, who are often redacted.
BOUGHT_FROM = frozenset({LARGE, SME, VOLUNTARY, PRIVATE, UNKNOWN})
