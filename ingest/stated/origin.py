"""Who issued a text, under which 文号, and when: from its letterhead, history and signature."""

import re
from collections.abc import Iterator, Sequence

from ingest.stated.dates import DATE, iso
from ingest.stated.head import OFFICIAL, Own, events_of
from ingest.stated.issuers import adopting_body, is_central, leading, official_name, only_bodies
from ingest.stated.numbers import NUMBER, canonical
from ingest.stated.places import region_of, region_of_number
from ingest.stated.plain import BOOK, Line, Particular, Plain, masked

LABEL = re.compile(r"^(?:发文字号|文号|字号|编号):")
PROMULGATED = re.compile(r"(?:公布|发布|颁布|修订|印发)")
ISSUED = {"通过", "批准", "修正", "修订", "修改", "成文"}
PUBLISHED = {"公布", "发布", "颁布"}
INTRODUCED = re.compile(r"(?:[(]?[一二三四五六七八九十\d]+[)、.])?(?:\d{4}年中央一号文件即)?")
TOLD = re.compile(r"(?:[(][^()]*[)])?,?(?:已?[由经]|于|以|自|根据|的?落款|的?成文|\d{4}年)")
CITED_OTHERWISE = re.compile("废止|原|修改|修订|失效|根据|依据|停止执行")
HISTORY = re.compile(rf"[(]?(?:经|根据)?{DATE}|[(].*(?:公布|发布|修订|修正|修改|通过)[)]$")
ORDER_LINE = re.compile("(?!.*关于).*(?:令|公告)")
BY = re.compile(r"由(?=[^,。;]{2,160}?(?:联合)?(?:印发|发布|制定|公布|下发))")
NEVER_JOINT = {"国发": "国务院", "国函": "国务院", "国办发": "国务院办公厅", "国办函": "国务院办公厅"}
BEHIND_TITLE = re.compile(rf"(?P<book>{BOOK.pattern}|^[^()《》]{{4,80}})[(](?P<number>[^()]{{4,40}}号)[)]")
CENTRAL_PREFIX = re.compile("^(?:中国人民银行|国家外汇管理局|国家金融监督管理总局|中国[^省市]{2,10}?(?:委员会|会))")
SIGNED = re.compile(rf"({DATE})$")
BEHIND_SIGNATURE = re.compile(r"附件|附:|[(]此件|[(]联系|抄送|信息公开")
TAIL_LINES = 12


def own_sentences(plain: Plain, own: Own) -> Iterator[Line]:
    """Sentences whose first title is the text's own and that tell of its making."""
    for sentence in plain.sentences:
        book = BOOK.search(sentence.text[:200])
        opening = INTRODUCED.fullmatch(sentence.text[: book.start()]) if book else None
        if book and opening and own.is_own(book[0]) and TOLD.match(sentence.text, book.end()):
            yield sentence


def history_lines(head: Sequence[Line]) -> list[Line]:
    """Lines of the head that tell the history of the text, as printed under a title: they begin with a date."""
    return [line for line in head if HISTORY.match(line.text)]


def histories(plain: Plain, head: Sequence[Line], own: Own) -> Iterator[Line]:
    """Lines of the head that hold a dated event, and the sentences that tell the same."""
    yield from history_lines(head)
    yield from own_sentences(plain, own)


def numbers_of(plain: Plain, head: Sequence[Line], own: Own) -> Iterator[Particular]:
    """The text's own 文号, best evidence first: a line of its own, its promulgation, behind its title."""
    yield from _on_its_line(plain, head)
    promulgated = [
        plain.found("doc_number", canonical(match[0]), line)
        for line in histories(plain, head, own)
        for match in NUMBER.finditer(masked(line.text))
        if PROMULGATED.match(line.text, match.end())
    ]
    yield from reversed(promulgated)
    for line in (*head, *plain.sentences):
        for match in BEHIND_TITLE.finditer(line.text):
            itself = own.is_own(match["book"]) and not CITED_OTHERWISE.search(line.text)
            if itself and NUMBER.fullmatch(match["number"]):
                yield plain.found("doc_number", canonical(match["number"]), line)


def _on_its_line(plain: Plain, head: Sequence[Line]) -> Iterator[Particular]:
    for i, line in enumerate(head):
        below = head[i + 1].text if i + 1 < len(head) else ""
        number = _alone(line.text)
        joined = "" if number or not ORDER_LINE.fullmatch(line.text) else _alone(line.text + below.strip("()"))
        if number or joined:
            end = line.end if number else head[i + 1].end
            yield plain.found("doc_number", number or joined, Line(line.start, end, ""))


def _alone(text: str) -> str:
    """The 文号 of a line that holds nothing else but who issues it."""
    bare = LABEL.sub("", text).strip("()[]【】★")
    if not NUMBER.fullmatch(bare):
        _, taken = leading(bare)
        bare = bare[taken:].removeprefix("文件")
    return canonical(bare) if NUMBER.fullmatch(bare) else ""


def issuers_of(
    plain: Plain, head: Sequence[Line], own: Own, title: Particular | None, number: Particular | None
) -> list[Particular]:
    """Who issued the text, in the order of printing; the fullest list of the best evidence."""
    ways: list[list[Particular]] = [
        _adopters(plain, histories(plain, head, own)),
        [issuer for signed, _ in signatures(plain)[:1] for issuer in signed],
        _letterhead(plain, head),
        _of_title(title),
        _of_number(number),
        _told(plain, own),
    ]
    if ways[0]:
        return ways[0]
    best: list[Particular] = next((way for way in ways if way), [])
    for way in ways:
        if {p.value for p in way} > {p.value for p in best}:
            best = way
    return best


def _adopters(plain: Plain, lines: Iterator[Line]) -> list[Particular]:
    for line in lines:
        body, start = adopting_body(masked(line.text))
        if body and re.search("通过|修订|修正", line.text[start:]):
            return [plain.found("issuer", body, line)]
    return []


def _letterhead(plain: Plain, head: Sequence[Line]) -> list[Particular]:
    found = [plain.found("issuer", name, line) for line in head for name in only_bodies(line.text)]
    return list({p.value: p for p in reversed(found)}.values())[::-1]


def _of_title(title: Particular | None) -> list[Particular]:
    if title is None:
        return []
    plain_title = "".join(title.value.split())
    names, taken = leading(plain_title)
    issues = re.match("关于|印发|转发|公告|令|办公厅关于", plain_title[taken:])
    return [_as_issuer(title, name) for name in names] if issues else []


def _of_number(number: Particular | None) -> list[Particular]:
    if number is None:
        return []
    order = re.match(r"(.*?)(?:令|公告)", number.value)
    if order is None:
        name = NEVER_JOINT.get(re.split("〔", number.value)[0], "")
        return [_as_issuer(number, name)] if name else []
    if order[1] == "主席":
        return [_as_issuer(number, official_name("全国人大常委会"))]
    return [_as_issuer(number, name) for name in only_bodies(order[1])]


def _as_issuer(proof: Particular, name: str) -> Particular:
    return Particular("issuer", name, proof.start, proof.end, proof.sentence)


def _told(plain: Plain, own: Own) -> list[Particular]:
    for sentence in own_sentences(plain, own):
        by = BY.search(sentence.text)
        names, taken = leading(sentence.text[by.end() :]) if by else ((), 0)
        rest = sentence.text[by.end() + taken :] if by else ""
        if names and not rest.startswith("等"):
            return [plain.found("issuer", name, sentence) for name in names]
    return []


def dates_of(plain: Plain, head: Sequence[Line], own: Own) -> Iterator[Particular]:
    """`issued` (last adoption, revision or signature) and `published` (last promulgation) of the present version."""
    for key, verbs in (("issued", ISSUED), ("published", PUBLISHED)):
        for lines in (history_lines(head), list(own_sentences(plain, own))):
            told = []
            for line in lines:
                for verb, day, between in events_of(line):
                    by_order = verb == "修订" and NUMBER.search(masked(between))
                    if verb in verbs or (key == "published" and by_order):
                        told.append(plain.found(key, day, line, detail=verb))
            if told:
                yield max(told, key=lambda particular: particular.value)
                break
    for line in head:
        bracketed = re.fullmatch(rf"[(]({DATE})[)]", line.text)
        if bracketed and iso(bracketed[1]):
            yield plain.found("issued", iso(bracketed[1]), line, detail="成文")
    for _, dated in signatures(plain)[:1]:
        yield from dated


def signatures(plain: Plain) -> list[tuple[list[Particular], list[Particular]]]:
    """(issuers, dates) of each signature: bodies on their lines, the day on the next; the first is the text's own."""
    found = []
    for i, line in enumerate(plain.lines):
        day = SIGNED.search(line.text)
        if day is None or not iso(day[0]):
            continue
        before = line.text[: day.start()]
        above = [line] if before and only_bodies(before) else []
        for upper in reversed(plain.lines[max(0, i - TAIL_LINES) : i] if not before else ()):
            if not only_bodies(upper.text):
                break
            above.insert(0, upper)
        names = [plain.found("issuer", n, at) for at in above for n in only_bodies(SIGNED.sub("", at.text))]
        signed = plain.lines[i - 1].text if i else ""
        key = "published" if not before and OFFICIAL.search(signed) else "issued"
        if names or (not before and (key == "published" or _ends_text(plain, i))):
            found.append((names, [plain.found(key, iso(day[0]), line, detail="落款")]))
    return found


def _ends_text(plain: Plain, index: int) -> bool:
    below = plain.lines[index + 1].text if index + 1 < len(plain.lines) else ""
    return index > 3 and (not below or bool(BEHIND_SIGNATURE.match(below)))


def region_found(
    title: Particular | None, issuers: Sequence[Particular], number: Particular | None
) -> Particular | None:
    """Where the text applies: the province of its issuer, title or 文号, 全国 for a body of the state."""
    for proof, region in (
        *((issuer, _region_of_body(issuer.value)) for issuer in issuers[:1]),
        *((title, region_of("".join(title.value.split()))) for title in (title,) if title),
        *((number, region_of_number(number.value)) for number in (number,) if number),
    ):
        if region:
            return Particular("region", region, proof.start, proof.end, proof.sentence)
    return None


def _region_of_body(name: str) -> str:
    if is_central(name):
        return "全国"
    return region_of(CENTRAL_PREFIX.sub("", name))
