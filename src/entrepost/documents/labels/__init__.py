"""The parts of labels and forms: sheets of boxes, words and codes, and how they become PDF, PNG and ZPL."""
