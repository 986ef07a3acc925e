"""The simulation's inside: the world, the event-driven kernel, its tables and keyed random numbers."""
