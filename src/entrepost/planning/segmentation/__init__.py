"""Segments: features of cells, the search for the smallest tree, its words and its rule file."""
