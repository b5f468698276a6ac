"""A tenant, and the parts of the control API that concern it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, TypedDict

from ._clouds import Alibaba, Tencent
from ._control import Control
from ._errors import ControlError


class Tenant:
    """An account with its own access key. It has its own clock too, unless it was created without.

    As a context manager it is deleted at the end.
    """

    account: str
    """The number of the account."""
    access_key_id: str
    access_key_secret: str
    alibaba: Alibaba
    """Settings for clients of Alibaba Cloud KMS."""
    tencent: Tencent
    """Settings for clients of Tencent Cloud SSM."""
    secrets: Secrets
    """Seeds secrets of the tenant."""
    faults: Faults
    """Adds fault rules for requests of the tenant."""
    clock: Clock
    """The clock of the tenant."""
    journal: Journal
    """The requests of the tenant."""

    def __init__(self, control: Control, account: str, alibaba: Alibaba, tencent: Tencent) -> None:
        self._control = control
        self.account = account
        self.access_key_id = alibaba.access_key_id
        self.access_key_secret = alibaba.access_key_secret
        self.alibaba = alibaba
        self.tencent = tencent
        self.secrets = Secrets(control, account)
        self.faults = Faults(control, self.access_key_id)
        self.clock = Clock(control, account)
        self.journal = Journal(control, self.access_key_id)

    def __repr__(self) -> str:
        return f"<Tenant {self.account}>"

    def __enter__(self) -> Tenant:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.delete()

    @property
    def environ(self) -> dict[str, str]:
        """Environment variables for programs under test, as `kms-emulator env` prints them."""
        variables = {
            "KMS_EMULATOR_ENDPOINT": f"{self.alibaba.protocol}://{self.alibaba.endpoint}",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.access_key_secret,
            "ALIBABA_CLOUD_REGION_ID": self.alibaba.region,
            "ALIBABA_CLOUD_REGION": self.alibaba.region,
            "ALIBABA_CLOUD_ENDPOINT": self.alibaba.endpoint,
            "TENCENTCLOUD_SECRET_ID": self.access_key_id,
            "TENCENTCLOUD_SECRET_KEY": self.access_key_secret,
            "TENCENTCLOUD_REGION": self.tencent.region,
        }
        if self.alibaba.ca_file:
            # Other variables would replace the list of trusted authorities of unrelated programs.
            variables["NODE_EXTRA_CA_CERTS"] = self.alibaba.ca_file
            variables["ALIBABA_CLOUD_CA_BUNDLE"] = self.alibaba.ca_file
        return variables

    def delete(self) -> None:
        """Deletes the tenant with its secrets and fault rules. Its key is then rejected."""
        self.faults.clear()
        _ignore_missing(self._control, f"tenants/{self.account}")


class Secrets:
    """Seeds secrets of a tenant."""

    def __init__(self, control: Control, account: str) -> None:
        self._control = control
        self._account = account

    def __call__(
        self,
        secrets: Mapping[str, str] | None = None,
        *,
        alibaba: Mapping[str, str] | None = None,
        tencent: Mapping[str, str] | None = None,
    ) -> None:
        """Creates secrets from names and values.

        `secrets` are created on both clouds, `alibaba` and `tencent` on one. A secret of the same name is replaced.
        """
        on_alibaba = {**(secrets or {}), **(alibaba or {})}
        on_tencent = {**(secrets or {}), **(tencent or {})}
        fixtures = []
        if on_alibaba:
            fixtures.append({"SecretList": on_alibaba})
        if on_tencent:
            fixtures.append({"SecretMetadatas": on_tencent})
        if fixtures:
            self._load(json.dumps(fixtures).encode())

    def load(self, fixture: str | os.PathLike[str] | Mapping[str, Any] | list[Any]) -> None:
        """Loads a fixture: the path of a file, or the parsed JSON of one.

        If the fixture names an account, its secrets are created in that account, not in the tenant.
        """
        if isinstance(fixture, (str, os.PathLike)):
            self._load(Path(fixture).read_bytes())
        else:
            self._load(json.dumps(fixture).encode())

    def _load(self, body: bytes) -> None:
        self._control.send("POST", "state", body, {"account": self._account})


class Fault:
    """A fault rule that was added."""

    id: int
    """The number of the rule, as in the journal."""

    def __init__(self, control: Control, number: int) -> None:
        self._control = control
        self.id = number

    def __repr__(self) -> str:
        return f"<Fault {self.id}>"

    @property
    def hits(self) -> int:
        """How often the rule has fired."""
        return int(self._state()["hits"])

    @property
    def seen(self) -> int:
        """The number of requests that matched, whether or not the rule fired."""
        return int(self._state()["seen"])

    def remove(self) -> None:
        """Removes the rule. It is no error if it is already removed."""
        _ignore_missing(self._control, f"faults/{self.id}")

    def _state(self) -> Any:
        return self._control.json("GET", f"faults/{self.id}")


class Faults:
    """Adds fault rules for requests that are signed with the access key of a tenant."""

    def __init__(self, control: Control, access_key_id: str) -> None:
        self._control = control
        self._access_key_id = access_key_id
        self._added: list[Fault] = []

    def __call__(
        self,
        error: str | None = None,
        *,
        cloud: str | None = None,
        action: str | None = None,
        secret: str | None = None,
        region: str | None = None,
        nth: int | None = None,
        every: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        status: int | None = None,
        message: str | None = None,
        latency: str | Mapping[str, str] | None = None,
        reset: bool | None = None,
        truncate: int | None = None,
        when: str | None = None,
        times: int | None = None,
    ) -> Fault:
        """Adds a rule after the others.

        `cloud`, `action`, `secret`, `region`, `nth`, `every`, `probability` and `seed` select requests; the rest are
        the effects, and how often the rule fires. The page "Testing" of the emulator's documentation describes them.
        """
        match = {
            "access_key_id": self._access_key_id,
            "cloud": cloud,
            "action": action,
            "secret": secret,
            "region": region,
            "nth": nth,
            "every": every,
            "probability": probability,
            "seed": seed,
        }
        rule = {
            "match": _given(match),
            "error": error,
            "status": status,
            "message": message,
            "latency": latency,
            "reset": reset,
            "truncate": truncate,
            "when": when,
            "times": times,
        }
        added = Fault(self._control, self._control.json("POST", "faults", _given(rule))["id"])
        self._added.append(added)
        return added

    def clear(self) -> None:
        """Removes the rules that were added here."""
        while self._added:
            self._added.pop().remove()


class Clock:
    """A clock, of a tenant or of the server."""

    def __init__(self, control: Control, account: str | None) -> None:
        self._control = control
        self._query = {"account": account}

    def now(self) -> datetime:
        """Returns the time that the clock shows."""
        return self._request("GET", "clock")

    def advance(self, by: timedelta | str) -> datetime:
        """Advances the clock, by a `timedelta` or a text such as `8d` or `1h 30m`, and returns the new time.

        Deletions and rotations that are due are done before it returns.
        """
        if isinstance(by, timedelta):
            by = _duration(by)
        return self._request("POST", "clock/advance", {"by": by})

    def set(self, now: datetime | str, *, frozen: bool | None = None) -> datetime:
        """Sets the clock, forwards or backwards, to a `datetime` with a time zone or a text in ISO 8601."""
        if isinstance(now, datetime):
            if now.tzinfo is None:
                raise ValueError("the time has no time zone")
            now = now.astimezone(timezone.utc).isoformat(timespec="milliseconds")
        return self._request("PUT", "clock", _given({"now": now, "frozen": frozen}))

    def freeze(self) -> datetime:
        """Stops the clock."""
        return self._request("POST", "clock/freeze")

    def resume(self) -> datetime:
        """Resumes a stopped clock."""
        return self._request("POST", "clock/resume")

    def reset(self) -> datetime:
        """Resets the clock to the system time."""
        return self._request("DELETE", "clock")

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> datetime:
        state = self._control.json(method, path, body, self._query)
        # Python 3.10 and earlier do not parse the Z.
        return datetime.fromisoformat(state["now"].replace("Z", "+00:00"))


class JournalEntry(TypedDict):
    """A request to a cloud, as the control API returns it."""

    number: int
    time: str
    """When it arrived, by the clock of the server."""
    tenant_time: str | None
    """When it arrived, by the clock of the tenant; None if that does not have its own clock."""
    source: str
    cloud: str
    action: str | None
    parameters: dict[str, str] | None
    access_key_id: str | None
    verdict: str
    account: str | None
    region: str | None
    status: int
    code: str
    request_id: str
    duration_ms: float
    fault: int | None
    mismatch: dict[str, Any] | None
    permission: dict[str, Any] | None
    """The decision of policies; None if the caller has none."""


class Journal:
    """The requests that were signed with the access key of a tenant."""

    def __init__(self, control: Control, access_key_id: str) -> None:
        self._control = control
        self._access_key_id = access_key_id

    def __call__(
        self,
        *,
        cloud: str | None = None,
        action: str | None = None,
        parameter: str | None = None,
        verdict: str | None = None,
        status: int | None = None,
        code: str | None = None,
        fault: Fault | int | None = None,
        limit: int | None = None,
    ) -> list[JournalEntry]:
        """Returns the requests that match, the oldest first; with `limit` only the latest.

        `parameter` is `NAME` or `NAME=VALUE`; `code` is `OK` for success.
        """
        found: list[JournalEntry] = self._get(
            fault,
            cloud=cloud,
            action=action,
            parameter=parameter,
            verdict=verdict,
            status=status,
            code=code,
            limit=limit,
        )["requests"]
        return found

    def count(
        self,
        *,
        cloud: str | None = None,
        action: str | None = None,
        parameter: str | None = None,
        verdict: str | None = None,
        status: int | None = None,
        code: str | None = None,
        fault: Fault | int | None = None,
    ) -> int:
        """Counts the requests that match."""
        counted = self._get(
            fault,
            cloud=cloud,
            action=action,
            parameter=parameter,
            verdict=verdict,
            status=status,
            code=code,
            limit=0,
        )
        return int(counted["count"])

    def clear(self) -> None:
        """Deletes the requests of the tenant from the journal."""
        self._control.send("DELETE", "journal", query={"access_key_id": self._access_key_id})

    def _get(self, fault: Fault | int | None, **filters: str | int | None) -> Any:
        query = {
            **filters,
            "access_key_id": self._access_key_id,
            "fault": fault.id if isinstance(fault, Fault) else fault,
        }
        return self._control.json("GET", "journal", query=query)


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _ignore_missing(control: Control, path: str) -> None:
    try:
        control.send("DELETE", path)
    except ControlError as error:
        if error.status != 404:
            raise


def _duration(by: timedelta) -> str:
    """A duration as the control API reads it; it has no sign and no fraction."""
    if by < timedelta(0):
        raise ValueError("the clock cannot be advanced by a negative duration; set it instead")
    minutes, seconds = divmod(by.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    milliseconds = by.microseconds // 1000
    return f"{by.days}d {hours}h {minutes}m {seconds}s {milliseconds}ms"
