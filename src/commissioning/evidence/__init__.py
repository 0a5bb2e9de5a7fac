"""The evidence and the calculations on it: pure Python, no spreadsheet, no Excel."""
