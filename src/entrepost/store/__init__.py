"""Stores behind the protocol of `operations.store`: SQL, its schema and its migrations."""
