"""Reading tables that others made: any file, its headings, its columns, amounts and dates."""
