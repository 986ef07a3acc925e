"""What the messages of several operators tell of the same mail, laid side by side."""
