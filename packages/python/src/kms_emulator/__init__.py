"""A local emulator of Alibaba Cloud KMS secrets and Tencent Cloud SSM, for tests.

    import kms_emulator

    with kms_emulator.start() as emulator, emulator.tenant() as tenant:
        tenant.secrets({"db-password": "not a real password"})
        client = Client(Config(**tenant.alibaba.config))

The fixtures for pytest are in `kms_emulator.pytest_plugin`, which pytest loads by itself.
"""

from ._binary import find_binary
from ._clouds import Alibaba, Tencent
from ._errors import BinaryNotFound, ControlError, KmsEmulatorError, StartError
from ._server import Emulator, connect, start
from ._tenant import Clock, Fault, Faults, Journal, JournalEntry, Secrets, Tenant

__all__ = [
    "Alibaba",
    "BinaryNotFound",
    "Clock",
    "ControlError",
    "Emulator",
    "Fault",
    "Faults",
    "Journal",
    "JournalEntry",
    "KmsEmulatorError",
    "Secrets",
    "StartError",
    "Tenant",
    "Tencent",
    "connect",
    "find_binary",
    "start",
]
