"""What recipients experience: how satisfied they are with a wait, and what they are told about it."""
