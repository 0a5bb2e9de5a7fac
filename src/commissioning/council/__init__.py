"""The council's own files, read as they are published and put beside the national evidence."""
