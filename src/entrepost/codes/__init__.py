"""Codes of the trade, one module each: `parse` raises on a bad one, `format` writes it, `check` gives findings."""
