"""A client of the control API, JSON over HTTP."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ._errors import ControlError, KmsEmulatorError

TOKEN_VARIABLE = "KMS_EMULATOR_CONTROL_TOKEN"

_TIMEOUT_SECONDS = 60


class Control:
    """Sends requests to the control API of a server.

    It uses `http.client`, because `urllib` would send them to a proxy if one is set.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    def json(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """Sends a request with a body in JSON, and returns the reply. Raises `ControlError`."""
        sent = None if body is None else json.dumps(body).encode()
        reply = self.send(method, path, sent, query)
        try:
            return json.loads(reply) if reply else None
        except ValueError as error:
            raise KmsEmulatorError(f"{method} {path}: the reply is not JSON: {error}") from error

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Sends a request, and returns the body of the reply. Raises `ControlError`."""
        target = f"/_emulator/{path}"
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if given:
            target += "?" + urlencode(given)
        headers = {"Content-Type": "application/json"}
        token = os.environ.get(TOKEN_VARIABLE)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            reply = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise KmsEmulatorError(f"{method} http://{self._host}:{self._port}/_emulator/{path}: {error}") from error
        finally:
            connection.close()
        if response.status >= 300:
            raise _error(response.status, reply)
        return reply


def _error(status: int, reply: bytes) -> ControlError:
    try:
        members = json.loads(reply)
        return ControlError(status, members["code"], members["message"], members["place"])
    except (ValueError, TypeError, KeyError):  # The reply of another server.
        return ControlError(status, str(status), reply[:200].decode(errors="replace"), "")
