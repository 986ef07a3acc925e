"""Polars frames: their columns, orders packed into items, and the columns' door of every rule."""

from entrepost.base.rule import open_columns_door
from entrepost.tables.rules import apply

open_columns_door(apply)
