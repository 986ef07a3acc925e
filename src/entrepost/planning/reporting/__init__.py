"""The report's inside: its frames, its sections, its words."""
