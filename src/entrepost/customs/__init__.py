"""Customs: what is due on an item, by law of its destination and day, and what is wrong with its data."""
