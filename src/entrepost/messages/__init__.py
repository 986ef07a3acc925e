"""Messages between operators: bytes to nouns and back, without touching files or networks.

`edifact` reads and writes the syntax that all of them share; a module for each message maps it to nouns.
"""
