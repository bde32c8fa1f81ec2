"""Answer -> safe HTML for the conversation; pure functions."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from rag.types import Answer, AnswerSentence, Citation, Passage, Turn
from ui import texts
from ui.badges import date_in_force, in_title_marks, layer_badge, place_of, status_badge
from ui.copied import Part, copied_text, parted
from ui.document_html import plain
from ui.markup import button, escape, hidden, tag
from ui.rows import rows_table, runs

NEAREST_SHOWN = 3
QUOTE_SHOWN = 110
VERDICT_CLASSES = {"改写有据": "plain", texts.UNSUPPORTED: "warn", "无法核验": "warn"}


def conversation(turns: Sequence[Turn], first: int = 0) -> str:
    """Past exchanges, without suggestions; `first` is the number of the first of them."""
    return "".join(exchange(turn, number) for number, turn in enumerate(turns, first))


def exchange(turn: Turn, number: int, *, latest: bool = False, running: bool = False) -> str:
    """One question and its answer; only the latest finished one offers what to ask next."""
    asked = tag("div", tag("h2", hidden(texts.ASKED), escape(turn.question)), class_="kb-question")
    answer = turn.answer
    if answer is None:
        return tag("article", asked, waiting(texts.SEARCHING), class_="kb-turn")
    finished = answer.done and not running
    parts = [
        _resolved(answer, number, latest and finished),
        _notices(answer.notices),
        _draft(answer.draft),
        _found(answer, number) if answer.found or not answer.done else _refusal(answer, number),
        "" if answer.done else _unfinished(answer, running),
        _again(answer) + _follow_ups(answer, number) if latest and finished else "",
    ]
    return tag("article", asked, tag("div", *parts, class_="kb-answer"), class_="kb-turn")


def _unfinished(answer: Answer, running: bool) -> str:
    """What is still going on, or that it was stopped."""
    writing = answer.mode == "generated"
    if running:
        return waiting(texts.WRITING if writing else texts.SEARCHING)
    return tag("p", texts.STOPPED_WRITING if writing else texts.STOPPED, class_="kb-quiet")


def waiting(sentence: str) -> str:
    """A quiet line with moving dots."""
    return tag("p", escape(sentence), tag("span", "<i></i><i></i><i></i>", class_="kb-dots"), class_="kb-waiting")


def welcome(starters: Iterable[tuple[str, str]]) -> str:
    """The empty state: what this page does, and questions to begin with, one group per audience."""
    groups: dict[str, list[str]] = {}
    for index, (audience, question) in enumerate(starters):
        chip = button(f"ask:starter:{index}", escape(question), class_="kb-chip")
        groups.setdefault(texts.AUDIENCES.get(audience, texts.STARTERS_OTHER), []).append(chip)
    columns = (tag("div", tag("h3", escape(name)), *chips, class_="kb-starters") for name, chips in groups.items())
    return tag(
        "div",
        tag("h2", texts.WELCOME),
        tag("p", texts.WELCOME_DETAIL),
        tag("div", *columns, class_="kb-starter-groups"),
        class_="kb-welcome",
    )


def header(count: int | None = None, version: str = "") -> str:
    """Product name and the state of the library; `count` None while it is being opened."""
    library = texts.LIBRARY_LOADING if count is None else texts.LIBRARY.format(count=count)
    if count is not None and version:
        library += texts.LIBRARY_VERSION.format(version=_when(version))
    return tag("div", tag("h1", texts.PRODUCT), tag("p", escape(library)), class_="kb-header")


def _when(version: str) -> str:
    """The local time at which a version was built, from the UTC time that its name begins with."""
    try:
        built = datetime.datetime.strptime(version[:13], "%Y%m%dT%H%M").replace(tzinfo=datetime.UTC)
    except ValueError:
        return version
    return f"{built.astimezone():%Y-%m-%d %H:%M}"


def status_line(sentence: str, *, busy: bool = False) -> str:
    """The line above the input: loading, an error, or nothing."""
    if not sentence:
        return ""
    return waiting(sentence) if busy else tag("p", escape(sentence), class_="kb-message")


def _resolved(answer: Answer, number: int, offered: bool) -> str:
    if not answer.resolved or answer.resolved == answer.question:
        return ""
    undo = button(f"alone:{number}", texts.NOT_RESOLVED, class_="kb-link") if offered else ""
    edit = button("edit", texts.EDIT_RESOLVED, class_="kb-link") if offered else ""
    return tag("p", texts.RESOLVED, tag("q", escape(answer.resolved)), edit, undo, class_="kb-resolved")


def _notices(notices: Sequence[str]) -> str:
    lines = [tag("p", escape(notice)) for notice in notices]
    return tag("div", *lines, class_="kb-notice", role="note") if lines else ""


def _draft(draft: str) -> str:
    """A model's text in the making: set apart, since nothing of it has been checked."""
    if not draft:
        return ""
    heading = tag("h3", tag("span", texts.WRITTEN, class_="kb-layer kb-written-badge"), tag("span", texts.UNCHECKED))
    lines = [tag("p", escape(line)) for line in draft.splitlines() if line.strip()]
    return tag("section", heading, *lines, class_="kb-part kb-draft")


def _found(answer: Answer, number: int) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    groups = [_group(part, items, number, by_number) for part, items in parted(answer.sentences).items()]
    first = next((i for i, (written, _) in enumerate(parted(answer.sentences)) if not written), 0)
    if first:
        groups.insert(first, tag("h4", texts.EVIDENCE, class_="kb-evidence"))
    if not groups and answer.text:
        groups = [tag("p", escape(line)) for line in answer.text.splitlines() if line.strip()]
    return "".join((*groups, _closing(answer) if answer.done else "", _sources(answer.citations, number)))


def _group(part: Part, sentences: Sequence[AnswerSentence], number: int, by_number: Mapping[int, Citation]) -> str:
    written, layer = part
    label = tag("span", texts.WRITTEN, class_="kb-layer kb-written-badge") if written else ""
    note = "" if written else tag("span", escape(texts.LAYER_NOTES.get(layer, "")), class_="kb-quiet")
    heading = tag("h3", label, layer_badge(layer) if layer else "", note) if layer or written else ""
    items = [item for header, run in runs(sentences, by_number) for item in _items(header, run, number, by_number)]
    kind = " kb-written" if written else ""
    single = " kb-single" if len(items) == 1 else ""
    return tag("section", heading, tag("ul", *items), class_=f"kb-part{kind}{single}")


def _items(
    header: str, sentences: Sequence[AnswerSentence], number: int, by_number: Mapping[int, Citation]
) -> list[str]:
    """One item a sentence; rows of one table are one item."""
    if not header:
        return [tag("li", _sentence(sentence, number, by_number)) for sentence in sentences]
    lead = tag("span", escape(sentences[0].lead), class_="kb-lead") if sentences[0].lead else ""
    cited = ["".join(_cited(sentence, number, by_number)) for sentence in sentences]
    return [tag("li", lead, rows_table(header, sentences, by_number, cited))]


def _cited(sentence: AnswerSentence, number: int, by_number: Mapping[int, Citation]) -> list[str]:
    return [_cite(by_number[item], number) for item in sentence.citations if item in by_number]


def _sentence(sentence: AnswerSentence, number: int, by_number: Mapping[int, Citation]) -> str:
    cited = _cited(sentence, number, by_number)
    mark = VERDICT_CLASSES.get(sentence.verdict)
    verdict = tag("span", escape(sentence.verdict), class_=f"kb-status kb-{mark}") if mark else ""
    text = plain(sentence.text)
    ending = tag("span", escape(text[-1:]), *cited[:1], class_="kb-together")  # a number never starts a line
    lead = tag("span", escape(sentence.lead), class_="kb-lead") if sentence.lead else ""
    words = escape(text[:-1]) + ending
    if sentence.verdict == texts.UNSUPPORTED:
        words = tag("s", words)
    formula = tag("span", escape(texts.FORMULA.format(formula=sentence.formula)), class_="kb-quiet")
    return lead + words + "".join(cited[1:]) + (formula if sentence.formula else "") + verdict


def _cite(citation: Citation, number: int) -> str:
    title = texts.OPEN_CITATION.format(
        number=citation.number, title=in_title_marks(citation.title), label=place_of(citation)
    )
    return button(f"open:{number}:{citation.number}", str(citation.number), class_="kb-cite", title=title.strip())


def _closing(answer: Answer) -> str:
    """What kind of answer this is, and the copy button with its text."""
    verdicts = {sentence.verdict for sentence in answer.sentences}
    verbatim = tag("span", texts.VERBATIM, class_="kb-verbatim") if verdicts == {texts.VERBATIM} else ""
    documents = len({citation.source for citation in answer.citations})
    count = texts.COUNT_SOURCES.format(documents=documents, citations=len(answer.citations)) if documents else ""
    copy = button("copy", texts.COPY, class_="kb-link kb-copy")
    copied = tag("div", escape(copied_text(answer)), class_="kb-copied", hidden="hidden")
    return tag("div", verbatim, tag("span", count), copy, copied, class_="kb-closing")


def _sources(citations: Sequence[Citation], number: int) -> str:
    """The sources, one entry per document, one row per cited place."""
    by_source: dict[str, list[Citation]] = {}
    for citation in citations:
        by_source.setdefault(citation.source, []).append(citation)
    entries = [tag("li", _source(cited, number)) for cited in by_source.values()]
    return tag("section", tag("h4", texts.SOURCES), tag("ol", *entries), class_="kb-sources") if entries else ""


def _source(cited: Sequence[Citation], number: int) -> str:
    meta = cited[0].meta
    facts = (tag("span", escape(fact)) for fact in (meta.doc_number, date_in_force(meta)) if fact)
    heading = tag("div", tag("b", escape(cited[0].title)), status_badge(meta.status), *facts, class_="kb-source-head")
    rows = [
        button(
            f"open:{number}:{citation.number}",
            tag("b", str(citation.number)),
            tag("span", escape(place_of(citation) or plain(citation.quote)[:24])),
            class_="kb-place",
            title=plain(citation.quote)[:QUOTE_SHOWN],
        )
        for citation in cited
    ]
    return heading + tag("div", *rows, class_="kb-places")


def _refusal(answer: Answer, number: int) -> str:
    near = [_near(passage, number, index) for index, passage in enumerate(answer.passages[:NEAREST_SHOWN])]
    nearest = tag("h4", texts.NEAREST) + "".join(near) if near else ""
    reason = tag("p", escape(answer.reason or texts.NOT_FOUND_REASON))
    return tag("section", tag("h3", texts.NOT_FOUND), reason, nearest, class_="kb-refusal")


def _near(passage: Passage, number: int, index: int) -> str:
    chunk = passage.chunk
    matched = [sentence.text for sentence in passage.sentences if sentence.kind != "heading"]
    quote = plain(" ".join(matched[:2]) or chunk.text)
    shown = quote if len(quote) <= QUOTE_SHOWN else quote[:QUOTE_SHOWN] + "…"
    place = " › ".join((chunk.title, *chunk.path[-1:])) if chunk.path[-1:] != (chunk.title,) else chunk.title
    return button(f"near:{number}:{index}", tag("b", escape(place)), tag("span", escape(shown)), class_="kb-near")


def _again(answer: Answer) -> str:
    written = answer.mode == "generated"
    return tag("p", button("again", texts.WRITE_AGAIN, class_="kb-link")) if written else ""


def _follow_ups(answer: Answer, number: int) -> str:
    chips = [
        button(f"ask:follow:{number}:{index}", escape(question), class_="kb-chip")
        for index, question in enumerate(answer.follow_ups)
    ]
    heading = texts.FOLLOW_UPS if answer.found else texts.SUGGESTIONS
    return tag("div", tag("h4", heading), *chips, class_="kb-follow") if chips else ""
