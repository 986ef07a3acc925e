"""The parts of the estimate of clearance (`customs.estimate`)."""
