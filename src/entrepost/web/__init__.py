"""Pages for people: written on the server, read without scripts; every decision stands on the floors below."""
