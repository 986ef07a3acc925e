"""The parts of the checks of declarations (`customs.check`)."""
