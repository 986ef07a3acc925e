"""A plan's report: its frames, its sections, its pages, and what it shows in notebooks."""
