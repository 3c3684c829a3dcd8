"""The answers that depend on the day and on the agency, rendered on each day that matters."""

import re
from datetime import date, timedelta

import pytest

from knowledge.answer import Answerer, Asker
from knowledge.markup import plain
from knowledge.outcome import SubmissionStanding
from knowledge.pack import DEFAULT, SHIPPED, Pack, load

LATER = date(2026, 11, 23)
LATE = (LATER - date(2021, 11, 14)).days
WEEK = [date(2021, 11, day) for day in range(8, 17)]

# Day → the "N ngày" and "N ngày làm việc" that an answer may name: calendar days, working days.
COUNTS: dict[date, list[str]] = {
    date(2021, 11, 8): ["6 ngày", "5 ngày làm việc"],
    date(2021, 11, 9): ["5 ngày", "4 ngày làm việc"],
    date(2021, 11, 10): ["4 ngày", "3 ngày làm việc"],
    date(2021, 11, 11): ["3 ngày", "2 ngày làm việc"],
    date(2021, 11, 12): ["2 ngày"],
    date(2021, 11, 13): ["1 ngày"],
    date(2021, 11, 15): ["1 ngày"],
    date(2021, 11, 16): ["2 ngày"],
    LATER: [f"{LATE} ngày"],
}


def shown(answerer: Answerer, topic: str, day: date, agency: str | None = None) -> str:
    """What a person reads, without the source line."""
    text = plain(answerer.answer(topic, Asker(day, agency)).html)
    return text.split("\n\nNguồn:")[0]


def counts(text: str) -> list[str]:
    """Every "N ngày" and "N ngày làm việc" of a text."""
    return re.findall(r"\d+ ngày(?: làm việc)?", text)


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
@pytest.mark.parametrize("day", COUNTS, ids=str)
def test_the_days_that_are_left_are_counted_and_no_other_number_of_days_is_named(
    topic: str, day: date, answerer: Answerer
) -> None:
    assert counts(shown(answerer, topic, day)) == COUNTS[day]


def test_on_the_last_day_nothing_is_left_but_the_day_itself(answerer: Answerer) -> None:
    day = date(2021, 11, 14)
    assert counts(shown(answerer, "report.days-left", day)) == ["0 ngày"]
    assert counts(shown(answerer, "report.deadline", day)) == []
    for topic in ("report.days-left", "report.deadline"):
        assert "ôm nay là ngày cuối" in shown(answerer, topic, day)
        assert "ngay hôm nay" in shown(answerer, topic, day)


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
@pytest.mark.parametrize("day", [*WEEK, LATER], ids=str)
def test_the_deadline_is_before_the_fifteenth_and_at_the_latest_on_sunday(
    topic: str, day: date, answerer: Answerer
) -> None:
    text = shown(answerer, topic, day)
    assert "Chủ nhật, 14/11/2021" in text
    assert ("trước ngày 15/11" in text) is ((topic, day) != ("report.days-left", date(2021, 11, 14)))
    assert set(re.findall(r"\d\d/\d\d/\d{4}", text)) <= {"15/11/2021", "14/11/2021", "12/11/2021"}


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
@pytest.mark.parametrize("day", [8, 9, 10, 11])
def test_while_a_working_day_is_to_come_friday_is_advised(topic: str, day: int, answerer: Answerer) -> None:
    assert "trong hoặc trước thứ Sáu, 12/11/2021" in shown(answerer, topic, date(2021, 11, day))


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
def test_on_friday_today_is_advised(topic: str, answerer: Answerer) -> None:
    text = shown(answerer, topic, date(2021, 11, 12))
    assert "ngày làm việc cuối cùng" in text
    assert "trong hôm nay" in text


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
def test_on_saturday_nobody_is_told_to_wait_for_monday(topic: str, answerer: Answerer) -> None:
    text = shown(answerer, topic, date(2021, 11, 13))
    assert "không" in text
    assert "ngày làm việc nào" in text
    assert "gửi ngay, không chờ đến ngày làm việc kế tiếp" in text


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
@pytest.mark.parametrize("day", [date(2021, 11, 15), date(2021, 11, 16), LATER], ids=str)
def test_once_it_has_passed_the_answer_says_whom_to_turn_to(topic: str, day: date, answerer: Answerer) -> None:
    text = shown(answerer, topic, day)
    assert "đã qua" in text or "quá hạn" in text
    assert "liên hệ Sở Khoa học và Công nghệ" in text
    assert "Nên gửi" not in text


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left", "report.my-agency", "report.late"])
def test_years_later_the_answer_says_that_this_was_the_plan_of_2021(topic: str, answerer: Answerer) -> None:
    assert "Quý IV năm 2021" in shown(answerer, topic, LATER, "so-xay-dung")
    assert "Quý IV năm 2021" not in shown(answerer, topic, date(2021, 11, 9), "so-xay-dung")


def test_the_plan_is_in_force_until_its_quarter_ends(answerer: Answerer) -> None:
    assert shown(answerer, "plan.still-current", date(2021, 11, 8)).startswith("Còn")
    assert shown(answerer, "plan.still-current", date(2021, 12, 31)).startswith("Còn")
    assert shown(answerer, "plan.still-current", date(2022, 1, 1)).startswith("Không còn")


def test_the_merger_of_2025_is_told_from_the_day_it_took_effect(answerer: Answerer) -> None:
    assert "Đồng Nai" not in shown(answerer, "plan.still-current", date(2025, 6, 30))
    assert "Đồng Nai" in shown(answerer, "plan.still-current", date(2025, 7, 1))


def test_no_answer_advises_a_day_that_has_passed(answerer: Answerer, pack: Pack) -> None:
    advised = re.compile(r"[Nn]ên gửi trong (?:hoặc trước )?thứ Sáu, 12/11/2021")
    days = [date(2021, 11, 13), date(2021, 11, 15), LATER]
    wrong = [(topic, str(day)) for topic in pack.topics for day in days if advised.search(shown(answerer, topic, day))]
    assert wrong == []


def test_an_extended_deadline_is_counted_from_its_own_day(answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 15), "so-xay-dung", report_before=date(2021, 11, 20))
    for topic in ("report.deadline", "report.days-left"):
        text = plain(answerer.answer(topic, asker).html)
        assert "trước ngày 20/11" in text
        assert "19/11/2021" in text
        assert counts(text) == ["4 ngày", "5 ngày làm việc"]


@pytest.mark.parametrize("topic", ["report.deadline", "report.days-left"])
def test_an_extended_deadline_is_not_put_into_the_plans_mouth(topic: str, answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 15), "so-xay-dung", report_before=date(2021, 11, 20))
    assert "Kế hoạch ghi “trước ngày 20/11”" not in plain(answerer.answer(topic, asker).html)


DAYS = [date(2021, 11, 8), date(2021, 11, 14), date(2021, 11, 15), LATER]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_stated_agency_is_inspected_on_site_and_reports(day: date, answerer: Answerer) -> None:
    for agency, name in (("so-xay-dung", "Sở Xây dựng"), ("ubnd-dong-xoai", "UBND thành phố Đồng Xoài")):
        assert shown(answerer, "plan.agency-form", day, agency).startswith(f"{name}: kiểm tra tại trụ sở.")
        report = shown(answerer, "report.my-agency", day, agency)
        assert report.startswith(f"Có. {name} gửi báo cáo cho Sở Khoa học và Công nghệ.")


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("topic", ["plan.agency-form", "report.my-agency"])
def test_an_inferred_agency_is_called_inferred_in_the_first_line(topic: str, day: date, answerer: Answerer) -> None:
    text = shown(answerer, topic, day, "ubnd-bu-dang")
    assert "UBND huyện Bù Đăng" in text.split("\n")[0]
    assert re.search("suy ra|theo suy luận", text.split("\n")[0])
    assert "chưa được văn bản xác nhận" in text


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("topic", ["plan.agency-form", "report.my-agency"])
@pytest.mark.parametrize("agency", ["so-y-te", "so-noi-vu"])
def test_nothing_is_claimed_of_an_agency_that_the_source_does_not_place(
    topic: str, agency: str, day: date, answerer: Answerer, pack: Pack
) -> None:
    text = shown(answerer, topic, day, agency)
    first = text.split("\n")[0]
    assert pack.agencies.everyone[agency].name in first
    assert re.match("Chưa thể khẳng định|Nguồn không nói", first)
    assert "hỏi Sở Khoa học và Công nghệ" in text
    assert ("không nói" in text and "miễn" in text) is (agency == "so-noi-vu")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_lead_is_told_apart_from_the_inspected(day: date, answerer: Answerer) -> None:
    lead = "so-khoa-hoc-va-cong-nghe"
    assert "chủ trì" in shown(answerer, "plan.agency-form", day, lead).split("\n")[0]
    assert "nơi nhận báo cáo" in shown(answerer, "report.my-agency", day, lead).split("\n")[0]


@pytest.mark.parametrize("topic", ["plan.agency-form", "report.my-agency"])
def test_without_an_agency_the_reader_is_asked_to_choose_one(topic: str, answerer: Answerer) -> None:
    assert "Anh/chị chọn cơ quan" in shown(answerer, topic, date(2021, 11, 8))


@pytest.fixture(scope="module")
def answerer_of_a_longer_list(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The shipped pack after a coordinator has added an agency that waits for confirmation."""
    folder = tmp_path_factory.mktemp("pack")
    for file in (SHIPPED / DEFAULT).rglob("*.yaml"):
        copy = folder / file.relative_to(SHIPPED / DEFAULT)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    agencies = (folder / "agencies.yaml").read_text("utf-8")
    added = "\n  - {id: so-moi, name: Sở Mới, level: province, form: dossier, source: to-be-confirmed}\n\nexpected:"
    (folder / "agencies.yaml").write_text(
        agencies.replace("\nexpected:", added).replace("count: 17", "count: 16"), "utf-8"
    )
    return Answerer(load(folder))


@pytest.mark.parametrize("topic", ["plan.agency-form", "report.my-agency"])
def test_an_agency_that_waits_for_confirmation_is_called_so(topic: str, answerer_of_a_longer_list: Answerer) -> None:
    text = shown(answerer_of_a_longer_list, topic, date(2021, 11, 8), "so-moi")
    assert "Sở Mới" in text.split("\n")[0]
    assert "chờ xác nhận" in text
    assert "cán bộ điều phối" in text.lower()


def test_every_day_until_the_deadline_the_two_answers_agree(answerer: Answerer) -> None:
    for step in range(60):
        day = date(2021, 9, 20) + timedelta(days=step)
        if day != date(2021, 11, 14):
            assert counts(shown(answerer, "report.deadline", day)) == counts(shown(answerer, "report.days-left", day))


def status(answerer: Answerer, standing: SubmissionStanding | None, named: str | None = None) -> str:
    """What somebody of Sở Xây dựng reads who asks how far an agency, by default their own, has come."""
    asker = Asker(date(2021, 11, 17), "so-xay-dung", standing=standing)
    return plain(answerer.answer("confirm.status", asker, named).html)


def test_an_agency_reads_how_far_it_has_come_since_when_and_in_which_version(answerer: Answerer) -> None:
    text = status(answerer, SubmissionStanding("Sở Xây dựng", "đã bổ sung", date(2021, 11, 16), version=2, late=2))
    first, second, *_ = text.split("\n")
    assert first == "Sở Xây dựng: đã bổ sung, trễ hạn 2 ngày."
    assert second == "Từ ngày 16/11/2021; phiên bản 2."


def test_an_agency_that_has_confirmed_nothing_and_is_in_time_reads_just_that(answerer: Answerer) -> None:
    text = status(answerer, SubmissionStanding("Sở Xây dựng", "đã liên kết", date(2021, 11, 8)))
    assert text.startswith("Sở Xây dựng: đã liên kết.\nTừ ngày 08/11/2021; chưa xác nhận lần nào.")


def test_whoever_may_not_see_a_state_reads_where_it_is_shown(answerer: Answerer) -> None:
    assert "/tinhtrang" in status(answerer, None).split("\n")[0]


def test_ones_own_state_is_not_passed_off_as_that_of_the_agency_asked_about(answerer: Answerer) -> None:
    own = SubmissionStanding("Sở Xây dựng", "đã xác nhận", date(2021, 11, 16), version=1)
    text = status(answerer, own, "ubnd-bu-dang")
    assert "Sở Xây dựng" not in text
    assert "Tình trạng của UBND huyện Bù Đăng chỉ đầu mối của cơ quan đó" in text
