"""The errors that more than one room raises or answers to."""


class HomewardError(Exception):
    """Base of our own errors. Its text says what is wrong and, where it can, what to do."""


class ConfigError(HomewardError):
    """A setting is missing or absurd."""


class SealBroken(HomewardError):
    """A signature, a seal or a digest does not hold."""


class BlobMissing(HomewardError):
    """The photo store has nothing under that name."""


class Refused(HomewardError):
    """A message that must not be applied, now or later. `reason` is a short code for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAllowed(HomewardError):
    """A rule forbids this act. `reason` is a short code that the doors put into words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
