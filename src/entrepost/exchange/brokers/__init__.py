"""The parts of the way over brokers: settings, the line to a broker, and the configuration of a cluster."""
