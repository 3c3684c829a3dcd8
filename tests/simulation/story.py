"""How every campaign begins, so that there is something to be done for everybody."""

from collections.abc import Sequence

from tests.simulation.adversary import LETTER, Harm, Mishap
from tests.simulation.house import AN, BINH, CHAU, DUNG, HA, MINH

# Who does what, and what befalls the bot meanwhile.
STORY: Sequence[tuple[int, tuple[str, ...], *tuple[Mishap, ...]]] = (
    (HA, ("/moi Sở Xây dựng",)),
    (BINH, ("/start <code>", "[Đồng ý]")),
    (HA, ("/moi Sở Xây dựng",)),
    (CHAU, ("/start <code>", "[Đồng ý]")),
    (HA, ("/moi Bù Đăng",)),
    (MINH, ("/start <code>", "[Đồng ý]")),
    (HA, ("/moi", "[Mời cán bộ điều phối]")),
    (DUNG, ("/start <code>", "[Đồng ý]")),
    (MINH, ("/xacnhan", "[Email]", "[Xác nhận]")),
    (HA, ("[Trả lại]", "thiếu phụ lục", "[Trả lại]")),
    (BINH, ("/xacnhan", "[Email]", "[Xác nhận]")),
    (CHAU, ("/xacnhan", "[Email]", "[Xác nhận]")),
    (AN, ("xe đạp điện được trợ giá không", "[Chuyển câu hỏi]")),
    (DUNG, ("/thongbao", "Họp lúc 08:00", "[Tất cả cơ quan]")),
    (DUNG, ("[Gửi]",), Mishap(Harm.LOST, after=1, at=LETTER)),
    (HA, ("/thongbao", "Họp lúc 09:00", "[Tất cả cơ quan]", "[Gửi]", "[Tạm dừng]")),
    (HA, ("/moi Sở Ngoại vụ",)),
)
