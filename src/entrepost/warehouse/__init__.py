"""Overseas warehouses: what lies in them, and which orders it serves."""
