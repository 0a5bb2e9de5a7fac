"""Localis for Excel: evidence on strategic commissioning, at work in the officer's workbook."""

__version__ = "0.1.0"
