"""The 问答 tab: conversation on the left, source on the right; it passes on what the Rag says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr

from rag.errors import KbqaError
from rag.types import Turn
from ui import opened, render, source, texts
from ui.filters import QUIET, FilterFields

if TYPE_CHECKING:
    from rag.chain import Rag

KEPT_TURNS = 30
Values = Mapping[Any, Any]
Updates = dict[Any, Any]


class RagProvider(Protocol):
    """Hands out the Rag that loads behind the page."""

    def ready(self) -> bool:
        """Whether `wait` returns at once."""

    def wait(self) -> "Rag":
        """The loaded Rag. Raises KbqaError if it could not be loaded."""


class ChatTab:
    """Builds the tab inside the current gr.Blocks; the conversation lives in the session's gr.State."""

    def __init__(self, provider: RagProvider, header: gr.Markdown) -> None:
        self._provider = provider
        self._header = header
        self._turns = gr.State(())
        self._pending = gr.State("")
        with gr.Row(elem_id="kb-desk"):
            with gr.Column(elem_id="kb-talk"):
                self._build_conversation()
                self._filters = FilterFields()
                self._build_composer()
            with gr.Column(elem_id="kb-source"):
                self._source = html_area(source.empty(), elem_id="kb-source-view")
        self._opened = gr.Textbox(visible="hidden", elem_id="kb-opened", show_label=False)
        self._pressed = gr.Textbox(visible="hidden", elem_id="kb-pressed", show_label=False)
        self._listen()

    def _build_conversation(self) -> None:
        with gr.Column(elem_id="kb-scroll"):
            self._past = html_area("", elem_id="kb-past")
            self._current = html_area(render.welcome(()), elem_id="kb-current")

    def _build_composer(self) -> None:
        self._status = html_area(render.status_line(texts.LOADING, busy=True), elem_id="kb-status")
        with gr.Row(elem_id="kb-composer"):
            self._question = gr.Textbox(
                label=texts.QUESTION_LABEL,
                placeholder=texts.QUESTION_PLACEHOLDER,
                lines=1,
                max_lines=6,
                show_label=False,
                container=False,
                elem_id="kb-question",
            )
            self._send = gr.Button(texts.SEND, variant="primary", elem_id="kb-send", min_width=0)
            self._stop = gr.Button(texts.STOP, visible=False, elem_id="kb-stop", min_width=0)
            self._new = gr.Button(texts.NEW_CONVERSATION, elem_id="kb-new", min_width=0)

    def _listen(self) -> None:
        session: set[Any] = {self._turns, self._pending}
        asking = session | {self._question, self._pressed} | self._filters.components
        shown = [*session, self._past, self._current, self._status, self._question, self._send, self._stop]
        asked = gr.on([self._question.submit, self._send.click], self.ask, asking, shown, **QUIET)
        pressed = self._pressed.change(self.press, asking, shown, **QUIET)
        for event in (asked, pressed):
            event.failure(self.fail, session, shown, **QUIET)
        self._stop.click(self.stop, session, shown, cancels=[asked, pressed], **QUIET)
        self._new.click(self.restart, None, [*shown, self._source], cancels=[asked, pressed], **QUIET)
        self._opened.change(self.open, {self._opened, self._turns}, self._source, **QUIET)
        self._filters.listen()

    def load(self) -> Iterator[Updates]:
        """On opening the page: wait for the Rag, then show what it holds."""
        if not self._provider.ready():
            yield {self._status: render.status_line(texts.LOADING, busy=True)}
        try:
            rag = self._provider.wait()
            updates = self._filters.choices(rag.facets(), rag.titles())
            header = render.header(len(rag.titles()), rag.generation().name)
            yield {**updates, self._header: header, self._current: render.welcome(rag.starters()), self._status: ""}
        except KbqaError as error:
            yield {self._status: render.status_line(str(error))}

    @property
    def loaded(self) -> list[Any]:
        """The components that `load` fills."""
        return [self._header, self._current, self._status, *self._filters.ordered]

    def ask(self, values: Values) -> Iterator[Updates]:
        """The question in the input, against the conversation so far."""
        yield from self._answer(values, values[self._question], values[self._turns])

    def press(self, values: Values) -> Iterator[Updates]:
        """A suggested question, or the last one again without the earlier turns."""
        turns: Sequence[Turn] = values[self._turns]
        kind, *rest = values[self._pressed].split("#")[0].split(":")
        if kind in {"alone", "again"} and turns:
            followed = kind == "again" and bool(turns[-1].answer and turns[-1].answer.resolved)
            yield from self._answer(values, turns[-1].question, turns[:-1], follow=followed)
        elif rest[0] == "starter":
            _, question = self._provider.wait().starters()[int(rest[1])]
            yield from self._answer(values, question, turns)
        elif rest[0] == "follow" and turns and turns[-1].answer:
            yield from self._answer(values, turns[-1].answer.follow_ups[int(rest[2])], turns)

    def _answer(
        self, values: Values, question: str, turns: Sequence[Turn], *, follow: bool = True
    ) -> Iterator[Updates]:
        question, before = question.strip(), tuple(turns)[-KEPT_TURNS:]
        status = "" if self._provider.ready() else render.status_line(texts.WAITING_FOR_MODEL, busy=True)
        yield self._asked(question, before, status)
        try:
            rag = self._provider.wait()
            for answer in rag.stream(question, before, filters=self._filters.chosen(values), follow=follow):
                turns = (*before, Turn(question, answer))
                shown = render.exchange(turns[-1], len(before), latest=True, running=not answer.done)
                yield {self._current: shown, self._turns: turns, self._pending: "", self._status: ""}
            yield self._settled(turns)
        except KbqaError as error:
            yield {**self._settled(values[self._turns]), self._question: question} | self._message(str(error))

    def _asked(self, question: str, before: Sequence[Turn], status: str) -> Updates:
        return {
            self._past: render.conversation(before),
            self._current: render.exchange(Turn(question), len(before)),
            self._pending: question,
            self._question: "",
            self._status: status,
            self._send: gr.update(visible=False),
            self._stop: gr.update(visible=True),
        }

    def _settled(self, turns: Sequence[Turn]) -> Updates:
        """The conversation at rest: the last exchange with its suggestions, the send button back."""
        last = len(turns) - 1
        resting = render.exchange(turns[-1], last, latest=True) if turns else self._welcome()
        return {
            self._past: render.conversation(turns[:-1]),
            self._current: resting,
            self._pending: "",
            self._send: gr.update(visible=True),
            self._stop: gr.update(visible=False),
        }

    def _welcome(self) -> str:
        return render.welcome(self._provider.wait().starters() if self._provider.ready() else ())

    def _message(self, sentence: str) -> Updates:
        return {self._status: render.status_line(sentence)}

    def stop(self, values: Values) -> Updates:
        """Keep what is there; a question without any answer yet goes back to the input."""
        return self._returned(values, texts.STOPPED_EMPTY)

    def fail(self, values: Values) -> Updates:
        """After a bug, which the log tells: calm words, and the question back in the input."""
        return self._returned(values, texts.FAILED)

    def _returned(self, values: Values, sentence: str) -> Updates:
        question = values[self._pending]
        kept = {self._question: question, **self._message(sentence)} if question else self._message("")
        return {**self._settled(values[self._turns]), **kept}

    def restart(self) -> Updates:
        """A new conversation: nothing of the old one stays in the session."""
        return {**self._settled(()), self._turns: (), self._source: source.empty(), self._status: ""}

    def open(self, values: Values) -> str:
        """The source panel for a pressed citation, near passage or reference."""
        try:
            return opened.panel(self._provider.wait(), values[self._opened], values[self._turns])
        except KbqaError as error:
            return source.message(str(error))


def html_area(value: str, *, elem_id: str) -> gr.Markdown:
    """An area for HTML written by ui.markup: gr.Markdown, since gr.HTML needs script evaluation, which CSP forbids."""
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=True, latex_delimiters=[], container=False)
