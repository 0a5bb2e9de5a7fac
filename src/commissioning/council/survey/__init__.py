"""The council's own survey: reading it, and holding it against the national one."""
