"""Names: brought into one form, compared, and found in lists."""
