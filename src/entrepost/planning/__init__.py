"""Planning: tries a network out in simulation and measures the wait, step by step, from the events alone."""
