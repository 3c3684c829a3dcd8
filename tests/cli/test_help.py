"""Every command says what it does, here and in the README."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from bot.cli import isobot as group

Isobot = Callable[..., tuple[int, str, str]]

README = Path(__file__).parents[2] / "README.md"
COMMANDS = group.list_commands(click.Context(group))
# A letter that only Vietnamese has.
VIETNAMESE = re.compile(r"[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]", re.IGNORECASE)


def loaded(name: str) -> click.Command:
    """A command as the group finds it."""
    command = group.get_command(click.Context(group), name)
    assert command
    return command


@pytest.mark.parametrize("name", ["ask", "check", "demo", "eval", "invite", "roster", "run"])
def test_the_commands_that_others_build_on_are_there(name: str) -> None:
    assert name in COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_in_vietnamese_what_it_does(name: str) -> None:
    assert VIETNAMESE.search(loaded(name).help or "")
    assert loaded(name).get_short_help_str().endswith((".", "…", "..."))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_in_vietnamese_what_it_is_for(name: str) -> None:
    silent = [
        option.name
        for option in loaded(name).params
        if isinstance(option, click.Option) and not VIETNAMESE.search(option.help or "")
    ]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"isobot {name}" in README.read_text("utf-8")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command(flag: str, isobot: Isobot) -> None:
    code, printed, _ = isobot(flag)
    assert code == 0
    assert VIETNAMESE.search(printed)
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", printed, re.MULTILINE)] == []


def test_the_version_is_told(isobot: Isobot) -> None:
    code, printed, _ = isobot("--version")
    assert code == 0
    assert re.search(r"isobot.*\d+\.\d+", printed)


def test_an_unknown_command_is_refused(isobot: Isobot) -> None:
    code, printed, complained = isobot("nonsense")
    assert (code, printed) == (2, "")
    assert "nonsense" in complained


def test_the_real_bot_does_not_start_without_a_token(isobot: Isobot) -> None:
    code, printed, complained = isobot("run")
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert "ISOBOT_TOKEN" in complained
