"""The council's contracts register: reading it, and what falls due."""
