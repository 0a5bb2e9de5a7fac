"""The add-in for Excel: VBA and ribbon from the registries, packed, checked and installed."""

#: The add-in's file, its VBA project, and the name under which xlwings looks for its settings.
FILE_NAME = "Localis.xlam"
PROJECT = "Localis"
