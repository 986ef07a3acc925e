"""The error tree, whole on one screen. Bad data is a `Finding`, not an error (see `findings`)."""


class EntrepostError(Exception):
    """Anything that Entrepost raises on purpose; its message says what, where and how to fix it."""


class MisuseError(EntrepostError, ValueError):
    """The caller asked for something that cannot be: a wrong argument, option or order of calls."""


class MalformedCodeError(EntrepostError, ValueError):
    """A code (identifier, office, postcode) does not have the form that its standard demands."""


class UnreadableInputError(EntrepostError, ValueError):
    """A file or folder cannot be read as a whole: encoding, header, missing columns."""


class IncomingMessageError(EntrepostError, ValueError):
    """Bytes that another operator sent are no interchange; `segment` counts from 1, `offset` is a byte from 0."""

    def __init__(self, message: str, segment: int, offset: int) -> None:
        super().__init__(message, segment, offset)
        self.segment = segment
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.args[0]} (segment {self.segment}, byte {self.offset})"


class OutgoingMessageError(EntrepostError, ValueError):
    """A message of ours cannot be written as its syntax demands."""


class NetworkError(EntrepostError, ValueError):
    """A network folder has findings that make it unusable; they are listed in `findings`."""

    def __init__(self, message: str, findings: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class MissingRowError(EntrepostError, LookupError):
    """A dated table, or the store, has no row for the key and day that were asked for."""


class ExhaustedError(EntrepostError):
    """Something that is handed out once has run out: a block of identifiers."""


class StoreError(EntrepostError):
    """The database refused, or is not the one that this version can read."""


class TransportError(EntrepostError):
    """A way to other operators (folder, address, broker) is not to be had now; what waits for it goes on waiting."""


class NotYetError(EntrepostError):
    """What was asked for is still being worked out; ask again in a moment."""


class UnknownCallerError(EntrepostError):
    """Who asks did not say who they are, or what they said does not hold (any more)."""


class NotAllowedError(EntrepostError):
    """Who asks is known, and may not do this."""


class ChangedRequestError(EntrepostError, ValueError):
    """The same key of idempotency came with another request than the first time."""
