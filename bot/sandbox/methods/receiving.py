"""Methods by which updates reach the bot, and files with them."""

from typing import Any

from bot.sandbox.errors import bad_request, conflict
from bot.sandbox.params import Params
from bot.sandbox.world import World


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """Long polling."""
    if world.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(world, params)
    updates = await world.updates.poll(params.number("offset"), params.number("limit", 100), params.seconds("timeout"))
    return [update.as_json() for update in updates]


async def set_webhook(world: World, params: Params) -> bool:
    """From now on updates are posted to an address."""
    await world.webhook.set(
        params.text("url"), params.text("secret_token") or None, params.number("max_connections", 40)
    )
    _allow(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    """Back to long polling."""
    await world.webhook.set("", None, 40)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> dict[str, Any]:
    """How deliveries go."""
    return world.webhook.as_info()


def get_file(world: World, params: Params) -> dict[str, Any]:
    """Where a file can be fetched."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > world.files.download_limit:
        raise bad_request("file is too big")
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size, "file_path": file.path}


def _allow(world: World, params: Params) -> None:
    """Not naming any kinds leaves it as it was."""
    kinds = params.structure("allowed_updates")
    if isinstance(kinds, list):
        world.updates.allow(str(kind) for kind in kinds)
