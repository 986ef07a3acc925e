"""A plan in its parts: the problem, its bound, the search, other worlds, what it costs to serve."""
