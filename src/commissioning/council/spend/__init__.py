"""The council's payments: reading them, keeping them beside the workbook, adding them up."""
