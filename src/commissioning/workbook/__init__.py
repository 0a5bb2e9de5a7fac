"""The commissioning workbook: declared in `layout`, worked out in `book`, written by `template`."""
