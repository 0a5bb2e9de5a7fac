"""Localis for Excel: evidence on strategic commissioning, at work in the officer's workbook."""

__version__ = "0.1.0"

#: The custom document property by which a workbook is known as one of ours.
VERSION_PROPERTY = "Localis version"
