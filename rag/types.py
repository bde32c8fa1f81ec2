"""The nouns of the house: frozen, slotted, standard library only."""

# Longer than 250 lines: the nouns are read together.

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mode = Literal["extractive", "generated"]
Verdict = Literal["原文直引", "改写有据", "未见依据", "无法核验"]

BINDING = "法律法规与政策规定"
OPINION = "论文观点"
FIGURES = "数据案例"
OTHER = "其他资料"

LAYER_GROUPS: Mapping[str, str] = {
    "法律": BINDING,
    "行政法规": BINDING,
    "部门规章": BINDING,
    "地方法规": BINDING,
    "政策规定": BINDING,
    "地方政策": BINDING,
    "论文观点": OPINION,
    "数据案例": FIGURES,
    "其他资料": OTHER,
}
"""Front matter `layer` -> the group under which an answer shows it."""


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What is known of a document; dates are ISO, '' where unknown.

    `ended` is the last day of a repealed one, `names` are other files of the same content.
    """

    layer: str = "其他资料"
    doc_number: str = ""
    issuer: tuple[str, ...] = ()
    issued: str = ""
    published: str = ""
    effective: str = ""
    expires: str = ""
    ended: str = ""
    status: str = ""
    region: str = ""
    topics: tuple[str, ...] = ()
    basis: str = ""
    source_url: str = ""
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    author: str = ""
    names: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The answer layer: binding text, one author's opinion, figures or other material."""
        return LAYER_GROUPS.get(self.layer, OTHER)

    @property
    def year(self) -> str:
        """Year of issue (or publication, or effect), four digits, '' where unknown."""
        return (self.issued or self.published or self.effective)[:4]


@dataclass(frozen=True, slots=True)
class Page:
    """`text[start:end]` of the document stands on this page or sheet of its file; `recognised` is read by OCR."""

    number: int
    start: int
    end: int
    faults: tuple[str, ...] = ()
    """What is wrong with its text (names in ingest/formats/quality.py); () where nothing is."""
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the knowledge base; `source` (POSIX path under kb/) is its identity."""

    source: str
    title: str
    text: str
    meta: DocumentMeta = DocumentMeta()
    pages: tuple[Page, ...] = ()
    """The pages of a file that has such, in order; () for a text without pages."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A value of a document's metadata and the words that prove it: `text[start:end]` of the document `source`."""

    key: str
    value: str
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a document's metadata states, and what `text[start:end]` of it says instead."""

    key: str
    stated: str
    found: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """A reference in a text, `text[start:end]`, and where it leads: a document, or the section of a label in it."""

    start: int
    end: int
    source: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, an article or a list item with its extent: `text[start:end]` of the document."""

    path: tuple[str, ...]
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One quotable unit: `document.text[start:end]`; `kind` is prose, item, row or heading."""

    start: int
    end: int
    text: str
    kind: str = "prose"
    folded: str = ""
    """The searching form, kept by the catalogue so that no question pays for it again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A retrieval unit; `document.text[start:start+len(text)] == text`."""

    id: str
    source: str
    title: str
    path: tuple[str, ...]
    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset just past the chunk in the document's text."""
        return self.start + len(self.text)

    @property
    def breadcrumb(self) -> str:
        """Title and headings in force, joined for people and for embedding."""
        return " › ".join((self.title, *(label for label in self.path if label != self.title)))


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a passage ranks where it does: 1-based ranks (0 = not found) and scores per leg."""

    terms: tuple[str, ...] = ()
    dense_rank: int = 0
    sentence_rank: int = 0
    lexical_rank: int = 0
    dense: float = 0.0
    sentence: float = 0.0
    lexical: float = 0.0
    fused: float = 0.0
    threshold: float = 0.0
    reader: float | None = None
    """The reader's relevance logit; None where it did not read the passage."""


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the reader says of a passage: a relevance logit, and by sentence start its share of the answer, 0..1."""

    relevance: float
    sentences: Mapping[int, float]

    @property
    def chance(self) -> float:
        """The relevance as a probability."""
        return 1 / (1 + math.exp(-self.relevance))

    def share(self, sentence: "Sentence") -> float:
        """How much of the answer a sentence holds, times the chance that the passage answers at all; 0..1."""
        return self.chance * self.sentences.get(sentence.start, 0.0)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk; `score` is a similarity (higher is better), never a distance."""

    chunk: Chunk
    score: float
    sentences: tuple[Sentence, ...] = ()
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts a search; an empty field restricts nothing. Years are four-digit strings."""

    layers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.layers, self.issuers, self.regions, self.years, self.statuses, self.sources))


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters of a source that stand behind a sentence: `text[start:end] == quote`."""

    number: int
    source: str
    title: str
    label: str
    quote: str
    start: int
    end: int
    meta: DocumentMeta = DocumentMeta()
    page: int = 0
    """The page of the file on which the quote begins; 0 where the file has none."""
    header: str = ""
    """The column names of the table of which the quote is a row."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer with the numbers of the citations under it; `written` where the words are a model's."""

    text: str
    citations: tuple[int, ...] = ()
    verdict: Verdict = "原文直引"
    layer: str = ""
    lead: str = ""
    """A frame of ours before the quoted words: whose figure, which period, which side of a comparison."""
    formula: str = ""
    """How a figure of it was reckoned from cited ones."""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A snapshot of an answer; `found=False` is a refusal with its `reason`; `draft` is text not checked yet."""

    question: str
    text: str = ""
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    found: bool = False
    mode: Mode = "extractive"
    notices: tuple[str, ...] = ()
    done: bool = False
    reason: str = ""
    evidence: float = 0.0
    """How far the evidence stands above the refusal level (negative: below); 1 where it was looked up."""
    resolved: str = ""
    follow_ups: tuple[str, ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One past exchange, free of any page's shapes."""

    question: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file: where, what, and how to cure it."""

    source: str
    line: int
    message: str
    cure: str = ""
