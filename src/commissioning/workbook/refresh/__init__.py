"""Refreshing: what has to change in an officer's workbook for it to hold the current evidence."""
