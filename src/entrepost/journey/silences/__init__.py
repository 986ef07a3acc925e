"""Silences: how improbable it is that nothing was heard, of items, departures, partners and steps."""
