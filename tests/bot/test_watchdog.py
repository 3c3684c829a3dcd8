"""systemd's watchdog: found by its variables, told over its socket."""

import socket
from pathlib import Path

import pytest

from bot.watchdog import Watchdog


def test_systemds_own_variables_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    nobody = Watchdog.of_environment()
    nobody.ready()
    assert nobody.period == 10
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "6000000")
    assert Watchdog.of_environment().period == 2
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert Watchdog.of_environment().period == 10


def test_an_abstract_socket_is_told_and_one_that_is_gone_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("")  # Linux picks an abstract name
        name = listener.getsockname()[1:].decode()
        Watchdog(f"@{name}").ready()
        assert listener.recv(100) == b"READY=1"
    Watchdog(f"@{name}").feed()
    assert "watchdog not told" in caplog.text
