"""When a text begins to apply and when it ends: 自…起施行, 有效期五年, 执行至…."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.stated.dates import DATE, PERIOD, after, iso, last_day
from ingest.stated.head import NOUN, Own, events_of
from ingest.stated.origin import history_lines
from ingest.stated.plain import BOOK, Line, Particular, Plain
from rag.numerals import DIGITS

VERB = r"(?:正式|继续|开始|暂)?(?:施行|实施|执行|生效|试行)"
COMING = r"(?P<base>公布|发布|印发|颁布|颁发|下发|发文|签发)之?日"
EFFECT = re.compile(
    rf"(?:(?:自|从|于|由)(?:(?P<day>{DATE})|{COMING})(?:零时)?(?:起|开始|之日起)?"
    rf"(?:满?(?P<later>(?:\d{{1,3}}|[{DIGITS}]+)个?(?:日|天|月|年))[以之]?后)?(?:起)?,?{VERB}|"
    rf"(?:施行|实施|生效|执行)(?:日期|时间)为(?P<stated>{DATE}))(?!以来|后|前|的|之)"
)
SPAN_OWN = re.compile(
    rf"(?P<term>(?:有效|执行|实施|施行|试行)(?:期限|期)?(?:为|:)?)?(?:自|从)?(?P<day>{DATE})(?:起)?(?:至|到|-|—|~)"
    rf"(?P<end>{DATE})(?(term)|(?:止)?,?(?:期间)?{VERB})"
)
UNTIL = re.compile(
    rf"(?:有效期限?(?:为)?|{VERB}(?:期限)?(?:暂定)?)(?:自(?:{DATE}|.{{2,4}}之?日)起?)?(?:至|到|截至|截止到?|截止日期为)(?P<end>{DATE})"
)
LASTING = re.compile(
    rf"(?:有效期限?|试行期限?|执行期限?|实施期限?|施行期限?|试行)(?:暂定)?(?:为|:)?(?:自(?:{DATE}|.{{2,4}}之?日)起)?(?:计算)?(?P<period>{PERIOD})"
)
REACH = 800
"""Letters before a verb in which its subject is looked for."""
PROCLAIMED = re.compile("现予(?:以)?(?:公布|发布|印发|颁布)|现(?:公布|发布|印发)|予以(?:公布|发布|印发)")
VERSION = re.compile(r"修[正订](?:后|文本|版)|第[二三四五六]次修[正订]")
PARTIAL = re.compile(rf"第[{DIGITS}]+[条章节款项]|其中")
ENUMERATION = re.compile(rf"(?:^(?:第[{DIGITS}]+条|[{DIGITS}]+[、.]|[(][{DIGITS}]+[)])+)")
ITSELF = re.compile(rf"本(?:[\u4e00-\u9fff]{{0,4}}?)(?P<noun>{NOUN})(?![律规院令])")


@dataclass(frozen=True, slots=True)
class Effect:
    """One sentence that says when the text (or the text of this noun, 办法 or 通知) begins to apply."""

    sentence: Line
    noun: str
    day: str
    base: str = ""
    later: str = ""
    version: bool = False


def effective_of(
    plain: Plain, head: Sequence[Line], own: Own, dates: Sequence[Particular], known: Mapping[str, str]
) -> Particular | None:
    """The day from which the text applies; 自印发之日起 is computed from the date of issue and proved by both."""
    stated = [found for effect in effects(plain, own) if (found := _resolved(plain, effect, dates, known))]
    if not stated:
        told = [
            plain.found("effective", day, line)
            for line in history_lines(head)
            for verb, day, _ in events_of(line)
            if "施" in verb
        ]
        return told[0] if told else None
    versions = [found for effect, found in stated if effect.version]
    if versions:
        return versions[-1]
    for nouns in [{noun} for noun in own.nouns] or [{effect.noun for effect, _ in stated}]:
        fitting = [found for effect, found in stated if effect.noun in nouns]
        if fitting:
            return fitting[0] if len({found.value for found in fitting}) == 1 else None
    return stated[0][1] if len({found.value for _, found in stated}) == 1 else None


def _resolved(
    plain: Plain, effect: Effect, dates: Sequence[Particular], known: Mapping[str, str]
) -> tuple[Effect, Particular] | None:
    if effect.day:
        return effect, plain.found("effective", effect.day, effect.sentence)
    order = ("issued", "published") if effect.base in {"印发", "下发", "发文", "签发"} else ("published", "issued")
    base = _base(order, dates)
    told = known.get(order[0], "")
    begun = told or (base.value if base else "")
    day = after(begun, effect.later) if effect.later else begun
    if not day:
        return None
    found = plain.found("effective", day, effect.sentence)
    also = ((base.start, base.end),) if base and not told else ()
    return effect, Particular(found.key, found.value, found.start, found.end, found.sentence, also=also)


def _base(order: Sequence[str], dates: Sequence[Particular]) -> Particular | None:
    """公布之日 is the day of publication; a signed text without one is published on the day of its signature."""
    for key in order:
        for found in dates:
            if found.key == key and (key != "issued" or found.detail in {"落款", "成文", "标注"}):
                return found
    return None


def effects(plain: Plain, own: Own) -> Iterator[Effect]:
    """Every sentence of the text that says when it begins to apply, not when another text or one article does."""
    for sentence in plain.sentences:
        for match in EFFECT.finditer(sentence.text):
            noun = _speaker(sentence.text[max(0, match.start() - REACH) : match.start()], own)
            day = iso(match["day"] or match["stated"] or "")
            if noun is not None and (day or match["base"]):
                clause = re.split("[,;。]", sentence.text[max(0, match.start() - REACH) : match.start()])[-1]
                version = bool(VERSION.search(clause))
                yield Effect(sentence, noun, day, match["base"] or "", match["later"] or "", version)
        for span in SPAN_OWN.finditer(sentence.text):
            noun = _speaker(sentence.text[max(0, span.start() - REACH) : span.start()], own)
            if noun is not None:
                yield Effect(sentence, noun, iso(span["day"]))


def _speaker(before: str, own: Own) -> str | None:
    """The noun of the text that the words before a verb speak of ('' for its title); None if of something else."""
    clause = re.split("[,;]", before)[-1]
    rest = ENUMERATION.sub("", before)
    others = [book for book in BOOK.findall(clause) if not own.is_own(book)]
    if others or PARTIAL.search(rest if clause == before else clause):
        return None
    itself = list(ITSELF.finditer(rest))
    if itself:
        return str(itself[-1]["noun"])
    named = any(own.is_own(book) for book in BOOK.findall(rest)) or (own.number and own.number in rest)
    return "" if named or PROCLAIMED.search(rest) or not rest else None


def expires_of(plain: Plain, own: Own, effective: Particular | None) -> Particular | None:
    """The last day on which the text applies: 2021-01-01 with 有效期5年 ends on 2025-12-31."""
    begun = {effect.sentence.start for effect in effects(plain, own)}
    for sentence in plain.sentences:
        for pattern in (SPAN_OWN, UNTIL, LASTING):
            match = pattern.search(sentence.text)
            if match is None or not _of_the_text(sentence, match.start(), own, begun):
                continue
            groups = match.groupdict()
            day = iso(groups.get("end") or "")
            if not day and effective and groups.get("period"):
                day = last_day(effective.value, groups["period"])
            if day:
                found = plain.found("expires", day, sentence)
                also = ((effective.start, effective.end),) if effective and groups.get("period") else ()
                return Particular(found.key, found.value, found.start, found.end, found.sentence, also=also)
    return None


def _of_the_text(sentence: Line, start: int, own: Own, begun: set[int]) -> bool:
    """The period is the text's own: 本办法有效期…, or a clause of its own beside 本办法自…起施行."""
    before = sentence.text[:start]
    clause = re.split("[,;。]", before)[-1]
    clause = ENUMERATION.sub("", clause)
    if re.fullmatch(rf"(?:本[\u4e00-\u9fff]{{0,4}}?(?:{NOUN})(?:的)?)", clause):
        return True
    itself = _speaker(before, own) is not None and bool(ITSELF.search(before) or sentence.start in begun)
    return itself and (not clause or bool(EFFECT.search(clause)) or bool(re.match(r"(?:自|暂定)", clause)))
