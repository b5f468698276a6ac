"""The exceptions of this package."""

from __future__ import annotations


class KmsEmulatorError(Exception):
    """The base class of the errors of this package."""


class BinaryNotFound(KmsEmulatorError):
    """There is no program `kms-emulator` to start."""


class StartError(KmsEmulatorError):
    """The emulator did not start, or does not answer."""


class ControlError(KmsEmulatorError):
    """The control API refused a request."""

    status: int
    """The HTTP status."""
    code: str
    """The code of the error, such as `InvalidBody`."""
    message: str
    """The explanation."""
    place: str
    """The place of the mistake in the request, such as `body.error`."""

    def __init__(self, status: int, code: str, message: str, place: str) -> None:
        super().__init__(f"{code}: {message} ({place})" if place else f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.place = place
