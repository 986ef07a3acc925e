"""The parts of `service.counter`: one order at a time, without frames."""
