"""The nouns of an item's life: order, item, parties, declaration, event, and the status they add up to."""
