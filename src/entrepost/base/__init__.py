"""The ground floor: rules, errors, findings, units, money and the clock, on the standard library only."""
