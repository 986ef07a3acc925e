"""Facility location in its parts: bounds, searches, transport, branching, and words when there is no answer."""
