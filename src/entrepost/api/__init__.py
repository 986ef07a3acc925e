"""The HTTP API: thin, every decision stands on the floors below."""
