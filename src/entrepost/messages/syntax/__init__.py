"""The parts of `messages.edifact`: separators, segments, envelopes, reading, writing and answering (ISO 9735)."""
