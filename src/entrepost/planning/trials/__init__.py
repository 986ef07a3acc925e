"""A trial in its parts: shelves that are filled again, one arm, frames, and why plan and trial differ."""
