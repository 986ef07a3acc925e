"""The parts of `messages.profile`: what messages say, how profiles lay it out, the engine that reads and writes."""
