"""Mail in receptacles: filled, closed, dispatched, consigned, told to others, and registered as others tell it."""
