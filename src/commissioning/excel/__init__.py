"""The functions LOCALIS_*: declared once, called from Excel, from the shell and in tests."""
