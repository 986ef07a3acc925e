"""Learning: from event histories to the times and shares of every step."""
