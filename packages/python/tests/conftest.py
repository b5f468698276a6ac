import os

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def no_emulator_elsewhere(monkeypatch):
    """The tests start their own servers, except where a test says otherwise."""
    monkeypatch.delenv("KMS_EMULATOR_ENDPOINT", raising=False)
    # These are for programs with a real cloud; no request of a test may leave the machine.
    for name in list(os.environ):
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)
