"""Pictures, tables and pages from frames: what people read. Bytes and text out, nothing is computed here."""
