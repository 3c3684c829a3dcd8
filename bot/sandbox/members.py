"""Somebody's standing in a chat, as the Bot API tells it."""

from typing import Any

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def as_member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """The Bot API's ChatMember."""
    member: dict[str, Any] = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    elif status == "administrator":
        member.update(dict.fromkeys(_RIGHTS, False), can_manage_chat=True, can_delete_messages=True)
    return member
