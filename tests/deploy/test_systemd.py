"""The units are what systemd takes, and let the bot do no more than it needs."""

from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, run, tool

SERVICES = ["isobot.service", "isobot-backup.service"]
UNITS = [*SERVICES, "isobot-backup.timer"]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units beside a program that is where they look for it."""
    program = tmp_path / "isobot"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    for unit in UNITS:
        text = (DEPLOY / unit).read_text("utf-8")
        (tmp_path / unit).write_text(text.replace("/opt/isobot/bin/isobot", str(program)), "utf-8")
    return tmp_path


def test_systemd_has_nothing_to_complain_of(installed: Path) -> None:
    verified = run(tool("systemd-analyze", "systemd"), "verify", *(installed / unit for unit in UNITS))

    assert (verified.returncode, verified.stdout) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_hardened_to_an_exposure_below_2_of_10(unit: str) -> None:
    judged = run(tool("systemd-analyze", "systemd"), "security", "--offline=true", "--threshold=20", DEPLOY / unit)

    assert judged.returncode == 0, judged.stdout


def test_the_backup_runs_as_the_bot_does() -> None:
    """Everything but what starts, restarts and watches a service is the same in both."""
    bot, backup = (_settings(DEPLOY / unit) for unit in SERVICES)

    own = {"Type", "ExecStart", "ExecReload", "StateDirectory", "Restart", "RestartSec"}
    own |= {"WatchdogSec", "WatchdogSignal", "TimeoutStopSec"}
    assert {line for line in bot ^ backup if line.partition("=")[0] not in own} == {
        "Environment=PYTHONDONTWRITEBYTECODE=1"
    }


def _settings(unit: Path) -> set[str]:
    service = unit.read_text("utf-8").partition("[Service]")[2].partition("[Install]")[0]
    return {line for line in service.splitlines() if line and not line.startswith("#")}
