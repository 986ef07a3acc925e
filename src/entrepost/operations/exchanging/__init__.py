"""The parts of the exchange of messages with other operators: outbox, inbox, receipts, and what transports are."""
