"""The command `isobot`. Each command lives in a module of its own and is imported only when it is called."""

import importlib
import io
import sys

import click

from bot.settings import SettingsError
from knowledge.faults import PackError

_COMMANDS = {
    "ask": "ask",
    "backup": "backup",
    "check": "check",
    "demo": "demo",
    "doctor": "doctor",
    "eval": "evaluate",
    "export": "export",
    "invite": "invite",
    "learn": "learn",
    "move-to": "move_to",
    "new-pack": "new_pack",
    "restore": "restore",
    "roster": "roster",
    "run": "run",
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are needed: `isobot ask` should not wait for Telegram."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"bot.cli.{_COMMANDS[cmd_name]}").command
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="isobot", prog_name="isobot")
def isobot() -> None:
    """Trợ lý Telegram về kế hoạch kiểm tra ISO 9001."""


def main() -> None:
    """Run the command line; a fault is one line and exit code 1, never a stack trace."""
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese must come out whole on machines that are set to another encoding.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        isobot(prog_name="isobot")
    except (PackError, SettingsError) as error:
        click.echo(f"isobot: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        sys.stderr.close()
        sys.exit(1)
