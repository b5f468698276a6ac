"""The settings of a tenant for clients of each cloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ClientSettings:
    """The settings of a client of either cloud."""

    access_key_id: str
    """The AccessKey ID of Alibaba Cloud, or the SecretId of Tencent Cloud."""
    access_key_secret: str = field(repr=False)
    """The AccessKey secret, or the SecretKey."""
    endpoint: str
    """`host:port`."""
    protocol: str
    """`http` or `https`."""
    region: str
    """The default region of the server."""
    ca_file: str | None
    """The file with the certificate to trust; None with http."""


@dataclass(frozen=True)
class Alibaba(ClientSettings):
    """Settings for clients of Alibaba Cloud KMS."""

    @property
    def config(self) -> dict[str, Any]:
        """Arguments for `alibabacloud_tea_openapi.models.Config`."""
        arguments = {
            "access_key_id": self.access_key_id,
            "access_key_secret": self.access_key_secret,
            "endpoint": self.endpoint,
            "protocol": self.protocol.upper(),
            "region_id": self.region,
        }
        if self.ca_file:
            arguments["ca"] = self.ca_file
        return arguments

    @property
    def acs_client(self) -> dict[str, Any]:
        """Arguments for `aliyunsdkcore.client.AcsClient`.

        This client takes the endpoint from each request: `request.set_endpoint(alibaba.endpoint)` and
        `request.set_protocol_type(alibaba.protocol)`.
        """
        arguments = {
            "ak": self.access_key_id,
            "secret": self.access_key_secret,
            "region_id": self.region,
        }
        if self.ca_file:
            arguments["verify"] = self.ca_file
        return arguments


@dataclass(frozen=True)
class Tencent(ClientSettings):
    """Settings for clients of Tencent Cloud SSM."""

    @property
    def credential(self) -> dict[str, Any]:
        """Arguments for `tencentcloud.common.credential.Credential`."""
        return {"secret_id": self.access_key_id, "secret_key": self.access_key_secret}

    @property
    def http_profile(self) -> dict[str, Any]:
        """Arguments for `tencentcloud.common.profile.http_profile.HttpProfile`."""
        arguments = {"endpoint": self.endpoint, "protocol": self.protocol}
        if self.ca_file:
            arguments["certification"] = self.ca_file
        return arguments
