"""The image and the compose file, as far as they can be tried without a container engine."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from bot.settings import Settings
from tests.deploy.tools import DEPLOY, PROJECT, run, tool

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


def test_hadolint_has_nothing_to_complain_of() -> None:
    linted = run(Path(sys.executable).with_name("hadolint"), DEPLOY / "Dockerfile")

    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_compose_file_follows_the_specification() -> None:
    services = PyCompose.from_json(json.dumps(COMPOSE)).service_names()

    assert set(services) == {"bot", "backup", "postgres", "telegram-bot-api"}


def test_only_the_bot_starts_unless_a_profile_is_asked_for() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "profiles" not in service] == ["bot"]


@pytest.mark.parametrize("name", ["bot", "backup"])
def test_a_container_of_ours_cannot_write_to_its_root_and_has_no_rights(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_nothing_is_open_beyond_this_machine() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_example_names_every_setting_and_no_other() -> None:
    example = (DEPLOY / "isobot.env.example").read_text("utf-8")

    assert set(re.findall(r"^#?(ISOBOT_\w+)=", example, re.MULTILINE)) == {
        f"ISOBOT_{field.upper()}" for field in Settings.model_fields
    }


def test_the_operators_guide_explains_every_setting() -> None:
    guide = (PROJECT / "docs" / "operating.md").read_text("utf-8")

    assert set(re.findall(r"^\| `(ISOBOT_\w+)` \|", guide, re.MULTILINE)) == {
        f"ISOBOT_{field.upper()}" for field in Settings.model_fields
    }


def test_what_the_image_is_built_from_installs_and_answers_where_nothing_can_be_written(tmp_path: Path) -> None:
    """The image's own steps, with the files that reach the builder and nothing that is only needed for tests."""
    source, prefix = tmp_path / "src", tmp_path / "opt"
    _copy_context(source)
    tmp_path.chmod(0o755)

    # Compiling what is installed takes half of the time, and is not what is tried here.
    installed = run("env", f"PYTHON={sys.executable}", "PIP_NO_COMPILE=1", source / "deploy" / "install.sh", prefix)
    assert installed.returncode == 0, installed.stdout

    read_only = 'mount -o remount,bind,ro / && ! touch "$0" 2>/dev/null && cd / && exec "$@"'
    asked = run(
        *(tool("unshare", "util-linux"), "--map-root-user", "--mount", "sh", "-c", read_only, tmp_path / "anything"),
        *(prefix / "bin" / "isobot", "ask", "hạn nộp báo cáo là ngày nào"),
    )

    assert asked.returncode == 0, asked.stdout
    assert "14/11/2021" in asked.stdout


def _copy_context(to: Path) -> None:
    """What .dockerignore lets through to the builder, of what is under version control."""
    let_in = [line[1:] for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    files = subprocess.run(["git", "ls-files", *let_in], cwd=PROJECT, capture_output=True, text=True, check=True)
    for file in files.stdout.splitlines():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / file, to / file)
