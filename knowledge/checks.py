"""What can be wrong with a pack beyond its form; each fault with its file, line and cure."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from knowledge.agencies import Agency, Form, Level
from knowledge.deadline import Deadline
from knowledge.faults import Fault
from knowledge.handout_checks import handouts
from knowledge.markup import MarkupError, parse
from knowledge.pack import Pack
from knowledge.phrasings import as_said
from knowledge.plan import Plan
from knowledge.situations import Situations
from knowledge.sources import split_source
from knowledge.template_checks import UnusableTextError, rendered, spelled_out
from knowledge.templates import Templates
from knowledge.tokens import normalise
from knowledge.topics import Kind, Topic

# A message holds 4096 characters; the source line takes its part.
LONGEST_ANSWER = 3800

# A button to choose an agency carries the topic's id and the agency's in Telegram's 64 bytes.
LONGEST_PAIR = 60


def check(pack: Pack) -> list[Fault]:
    """Every fault of a loaded pack, in the order of files and lines."""
    templates, situations = Templates(), Situations(pack)
    faults = [*_phrasings(pack), *_agencies(pack), *_words(pack), *_menu(pack), *_deadline(pack)]
    faults += handouts(pack, situations)
    for topic in pack.topics.values():
        faults += [*_references(pack, topic), *_spelled_out(pack, topic), *_answer(pack, topic, templates, situations)]
    return sorted(faults)


def _phrasings(pack: Pack) -> Iterator[Fault]:
    seen: dict[str, tuple[Topic, int]] = {}
    for topic in pack.topics.values():
        for number, phrasing in enumerate(topic.phrasings):
            located, place = pack.places[topic.id]
            first = seen.setdefault(as_said(phrasing), (topic, number))
            if first == (topic, number):
                continue
            other, other_number = first
            other_file, other_place = pack.places[other.id]
            line = other_file.line((other_place, "phrasings", other_number))
            where = f"“{other.id}” ({other_file.file.name}:{line})"
            what = f"cách hỏi “{phrasing}” đã có ở {where}"
            yield located.fault((place, "phrasings", number), what, "giữ lại ở một chủ đề")


def _references(pack: Pack, topic: Topic) -> Iterator[Fault]:
    located, place = pack.places[topic.id]
    longest = max(pack.agencies.everyone, key=len, default="")
    if topic.kind is Kind.SLOT and len(topic.id) + len(longest) > LONGEST_PAIR:
        what = f"mã “{topic.id}” và mã cơ quan “{longest}” dài quá {LONGEST_PAIR} ký tự cộng lại"
        yield located.fault((place, "id"), what, "đặt mã ngắn hơn")
    for number, name in enumerate(topic.related):
        if name not in pack.topics:
            what = f"chủ đề liên quan “{name}” không có"
            yield located.fault((place, "related", number), what, "sửa mã hoặc bỏ dòng này")
    for number, fact in enumerate(topic.facts):
        if fact not in pack.known_facts:
            what = f"dữ kiện “{fact}” không có trong plan.yaml hay facts.yaml"
            yield located.fault((place, "facts", number), what, "sửa mã dữ kiện hoặc ghi dữ kiện đó vào facts.yaml")
    if topic.file is not None and topic.file not in pack.handouts:
        what = f"tệp “{topic.file}” không có trong thư mục files"
        yield located.fault((place, "file"), what, f"dùng một trong: {', '.join(pack.handouts) or '(chưa có tệp nào)'}")
    known = pack.plan.sources if pack.plan else {}
    for number, source in enumerate(topic.sources):
        if split_source(source)[0] not in known:
            what = f"nguồn “{source}” không có trong plan.yaml"
            yield located.fault((place, "sources", number), what, "thêm nguồn vào mục sources của plan.yaml")


def _spelled_out(pack: Pack, topic: Topic) -> Iterator[Fault]:
    if pack.plan is None:
        return
    located, place = pack.places[topic.id]
    own = pack.plan.number.source
    # What rests on other sources alone speaks of other things, however alike the figures are.
    is_elsewhere = bool(topic.sources) and own not in {split_source(source)[0] for source in topic.sources}
    for typed, template in spelled_out(pack.plan, topic.answer, counts=not is_elsewhere):
        what = f"câu trả lời tự ghi “{typed}” là dữ kiện đã có trong kế hoạch"
        yield located.fault((place, "answer"), what, f"thay bằng {template}")


def _answer(pack: Pack, topic: Topic, templates: Templates, situations: Situations) -> Iterator[Fault]:
    located, place = pack.places[topic.id]
    fault = _first_fault_of_answer(topic, templates, situations)
    if fault:
        yield located.fault((place, "answer"), *fault)


def _first_fault_of_answer(topic: Topic, templates: Templates, situations: Situations) -> tuple[str, str] | None:
    """What is wrong with an answer, and how to mend it."""
    try:
        shown = rendered(situations, topic.answer, templates)
    except UnusableTextError as fault:
        return fault.what, fault.cure
    for html in shown:
        try:
            marked = parse(html)
        except MarkupError as error:
            cure = "đóng đủ thẻ, chỉ dùng b, i, u, s, code, pre, a, blockquote và viết & là &amp;"
            return f"Telegram không nhận HTML này ({error})", cure
        if marked.is_blank:
            return "câu trả lời có lúc trống", "viết câu trả lời cho mọi trường hợp"
        if marked.length > LONGEST_ANSWER:
            return f"câu trả lời dài {marked.length} ký tự, quá {LONGEST_ANSWER}", "rút gọn hoặc tách chủ đề"
    return None


def _agencies(pack: Pack) -> Iterator[Fault]:
    owners: dict[str, Agency] = {}
    for agency in pack.agencies.everyone.values():
        for name in (agency.name, *agency.short):
            text = normalise(name)
            other = owners.setdefault(text, agency)
            if other is not agency:
                what = f"tên “{name}” dùng cho cả “{other.id}” và “{agency.id}”"
                located = pack.files["agencies.yaml"]
                cure = "bỏ ở một nơi, hoặc ghi vào ambiguous của words.yaml"
                yield located.fault(located.last(name), what, cure)
    if pack.plan:
        yield from _counts(pack, pack.plan)


def _deadline(pack: Pack) -> Iterator[Fault]:
    """What follows from the deadline must be what the plan writes down."""
    if pack.plan is None:
        return
    report, located = pack.plan.report, pack.files["plan.yaml"]
    computed = Deadline(report.before.value, report.before.value)
    for name, written in (("last_day", report.last_day), ("last_working_day", report.last_working_day)):
        right = getattr(computed, name)
        if written.value != right:
            what = f"“report.{name}” ghi {written.value} nhưng tính từ “report.before” ra {right}"
            yield located.fault(("report", name), what, f"ghi {right}, hoặc sửa “report.before”")


def _counts(pack: Pack, plan: Plan) -> Iterator[Fault]:
    """Agencies and expected places must add up to what the plan counts."""
    counts = {
        (Form.ONSITE, None): plan.onsite,
        (Form.DOSSIER, None): plan.dossier,
        (Form.DOSSIER, Level.PROVINCE): plan.dossier_province,
        (Form.DOSSIER, Level.DISTRICT): plan.dossier_district,
    }
    for (form, level), fact in counts.items():
        if fact is None or (level is None and form is Form.DOSSIER and plan.dossier_province):
            # Counted by level, and the sum need not be said again.
            continue
        planned = fact.value
        listed = sum(a.form is form and level in (None, a.level) for a in pack.agencies.listed)
        expected = sum(e.count for e in pack.agencies.expected if e.form is form and level in (None, e.level))
        if listed + expected != planned:
            which = f"{form}, {level}" if level else str(form)
            what = f"kế hoạch nêu {planned} cơ quan ({which}) nhưng tệp có {listed} và chờ thêm {expected}"
            yield Fault(pack.folder / "agencies.yaml", 0, what, "thêm bớt cơ quan hoặc sửa count trong expected")


def _words(pack: Pack) -> Iterator[Fault]:
    for form, ids in pack.words.ambiguous.items():
        for agency in ids:
            if agency not in pack.agencies.everyone:
                located = pack.files["words.yaml"]
                what = f"“{form}” trỏ tới cơ quan “{agency}” không có"
                yield located.fault(located.last(agency), what, "sửa mã cơ quan cho khớp agencies.yaml")


def _menu(pack: Pack) -> Iterator[Fault]:
    located = pack.files.get("menu.yaml")
    if located is None:
        return
    for number, entry in enumerate(located.content):
        for position, pattern in enumerate(entry["topics"]):
            if not any(fnmatchcase(name, pattern) for name in pack.topics):
                what = f"trình đơn nêu chủ đề “{pattern}” không có"
                yield located.fault((number, "topics", position), what, "sửa mã hoặc bỏ đi")
