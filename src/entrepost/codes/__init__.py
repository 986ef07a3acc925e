"""Codes of the trade, one module each: `parse` raises on a bad one, `format` writes it, `check` gives findings.

An error makes a code unusable; a warning comes back as a finding and leaves it in use.
"""
