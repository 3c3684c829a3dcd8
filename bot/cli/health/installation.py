"""Checks of the installation itself: settings, the knowledge pack, the disk."""

import os
import shutil
from pathlib import Path

from bot.cli.health.finding import Finding, fault, sound, warning
from bot.settings import Settings
from knowledge.checks import check
from knowledge.faults import PackError
from knowledge.pack import Pack
from knowledge.pack import load as load_pack

# Free bytes of the disk: below the first somebody should look at it, below the second the bot may soon fail to write.
_FEW, _TOO_FEW = 2 * 1024**3, 200 * 1024**2


def settings_in_force(settings: Settings) -> Finding:
    """Whether a setting is for tests only."""
    if settings.at:
        cure = "Bỏ ISOBOT_AT khi chạy thật, nếu không mọi hạn và lời nhắc đều sai ngày."
        return warning("settings", f"Đồng hồ của bot bắt đầu từ {settings.at:%d/%m/%Y %H:%M}", cure)
    return sound("settings", "Các biến ISOBOT_… hợp lệ")


def knowledge_pack(settings: Settings) -> tuple[Pack | None, Finding]:
    """The pack, if it can be read, and whether it has faults."""
    try:
        pack = load_pack(settings.pack)
        faults = check(pack)
    except PackError as error:
        pack, faults = None, error.faults
    if faults:
        says = f"Bộ kiến thức {settings.pack} có {len(faults)} lỗi; lỗi đầu: {faults[0].file}:{faults[0].line}"
        return pack, fault("pack", says, f"Chạy isobot check {settings.pack} để xem từng lỗi và cách sửa.")
    return pack, sound("pack", f"Bộ kiến thức {settings.pack} không có lỗi")


def disk(data: Path, few: int = _FEW, too_few: int = _TOO_FEW) -> Finding:
    """Whether the data folder can be written to, and for how long."""
    folder = next(one for one in (data.absolute(), *data.absolute().parents) if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return fault("disk", f"Không ghi được vào {folder}", "Cấp quyền ghi, hoặc chọn thư mục khác bằng ISOBOT_DATA.")
    free = shutil.disk_usage(folder).free
    says = f"Đĩa của {data} còn trống {free / 1024**3:.1f} GB"
    cure = "Dọn bớt bản sao lưu và nhật ký cũ, hoặc chuyển ISOBOT_DATA sang đĩa lớn hơn."
    if free < too_few:
        return fault("disk", says, cure)
    return warning("disk", says, cure) if free < few else sound("disk", says)
