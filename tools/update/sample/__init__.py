"""Builds the sample network from open data: one module for each group of tables."""
