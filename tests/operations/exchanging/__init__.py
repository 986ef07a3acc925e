"""Tests of the parts of the exchange."""
