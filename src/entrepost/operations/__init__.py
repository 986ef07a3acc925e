"""Use cases over a store, one in each module: intake, events, the order desk, tracking."""
