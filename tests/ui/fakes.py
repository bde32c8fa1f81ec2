"""A scripted Rag over three small documents, with the real types; run as a module it serves the real page."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import QuestionRejected
from rag.generation import Manifest
from rag.types import (
    Answer,
    AnswerSentence,
    Chunk,
    Citation,
    Document,
    DocumentMeta,
    Filters,
    Link,
    Passage,
    Section,
    Sentence,
    Turn,
)

FOLDER = Path(__file__).resolve().parent / "documents"
LAW = "policies/农业保险条例.md"
PAPER = "paper/金融赋能县域经济高质量发展路径探究.md"
FIGURES = "statistics/普惠型小微企业贷款.md"
VERSION = "20261122T163012-3fa9c1"
REJECTED = "问题为空，请输入要查的内容。"

_LAW_TEXT = (FOLDER / "law.md").read_text(encoding="utf-8")
_PAPER_TEXT = (FOLDER / "paper.md").read_text(encoding="utf-8")
_FIGURES_TEXT = (FOLDER / "figures.md").read_text(encoding="utf-8")

DOCUMENTS = {
    document.source: document
    for document in (
        Document(
            LAW,
            "农业保险条例",
            _LAW_TEXT,
            DocumentMeta(
                layer="行政法规",
                doc_number="国务院令第629号",
                issuer=("国务院",),
                issued="2016-02-06",
                published="2012-11-12",
                effective="2013-03-01",
                status="现行有效",
                region="全国",
                basis="全文",
                source_url="https://www.gov.cn/zhengce/content.htm",
            ),
        ),
        Document(
            PAPER,
            "金融赋能县域经济高质量发展路径探究",
            _PAPER_TEXT,
            DocumentMeta(layer="论文观点", author="胡常帅"),
        ),
        Document(
            FIGURES,
            "普惠型小微企业贷款（金融监管总局口径）统计",
            _FIGURES_TEXT,
            DocumentMeta(layer="数据案例", issuer=("国家金融监督管理总局",), status="待核", issued="2026-02-17"),
        ),
    )
}


def cite(number: int, source: str, quote: str, label: str) -> Citation:
    """A citation with the true offsets of its quote."""
    document = DOCUMENTS[source]
    start = document.text.index(quote)
    return Citation(number, source, document.title, label, quote, start, start + len(quote), document.meta)


CITATIONS = (
    cite(
        1,
        LAW,
        "《农业保险条例》第十四条规定，保险机构应当在与被保险人达成赔偿协议后10日内支付应赔偿的保险金；合同对赔偿期限另有约定的，按照约定履行。",
        "第二章 农业保险合同：定损与理赔 › 第十四条",
    ),
    cite(
        2,
        LAW,
        "《农业保险条例》第十五条规定，保险机构应当按照核定的损失程度足额支付保险金，任何单位和个人不得非法干预赔偿或者限制被保险人取得保险金。",
        "第二章 农业保险合同：定损与理赔 › 第十五条",
    ),
    cite(
        3,
        PAPER,
        "(5) 加强金融风险防控，建立风险监测处置机制，完善担保体系，强化金融监管，保障金融与县域经济协同发展。",
        "2.3 经验启示",
    ),
    cite(4, FIGURES, "| 2025-12末 | 37万亿元 | 同比+11% |", "余额"),
)
_REFERENCE = "合同对赔偿期限另有约定"
LINKS = tuple(
    Link(_LAW_TEXT.index(_REFERENCE), _LAW_TEXT.index(_REFERENCE) + len(_REFERENCE), LAW, label)
    for label in ("第15条", "第16条")
)
LAYERS = ("法律法规与政策规定", "法律法规与政策规定", "论文观点", "数据案例")
FOUND = Answer(
    question="农业保险赔款几天内支付？",
    text="\n".join(citation.quote for citation in CITATIONS),
    sentences=tuple(
        AnswerSentence(citation.quote, (citation.number,), "原文直引", layer)
        for citation, layer in zip(CITATIONS, LAYERS, strict=True)
    ),
    citations=CITATIONS,
    found=True,
    notices=("问题里说“15日内”，资料原文是“10日内”。",),
    done=True,
    follow_ups=("赔款可以少付吗？", "谁可以组织农民投保？", "农业保险保费由谁补贴？"),
)


DRAFT = "保险机构应当在达成赔偿协议后10日内支付保险金。"
WRITTEN = replace(
    FOUND,
    mode="generated",
    sentences=(
        AnswerSentence(DRAFT, (1,), "改写有据", LAYERS[0], written=True),
        AnswerSentence("两期相差7.94万亿元。", (4,), "改写有据", LAYERS[3], formula="37 − 29.06 = 7.94", written=True),
        AnswerSentence("赔款由财政垫付。", (), "未见依据", LAYERS[3], written=True),
        *FOUND.sentences,
    ),
)


def near(quote: str) -> Passage:
    """A passage of the law around one sentence."""
    start = _LAW_TEXT.index(quote)
    chunk = Chunk("c", LAW, "农业保险条例", ("第一章 总则",), start, quote)
    return Passage(chunk, 0.4, (Sentence(start, start + len(quote), quote),))


REFUSED = Answer(
    question="明天天气如何？",
    passages=tuple(
        near(line.removeprefix("- ")) for line in _LAW_TEXT.splitlines() if line.startswith("- 《农业保险条例》第三条")
    ),
    done=True,
    reason="资料库里没有关于“天气”的内容：最接近的几段讲的是农业保险的原则，不回答这个问题。",
    follow_ups=("农业保险实行什么原则？",),
)


class FakeRag:
    """Answers by keywords; the interface is that of rag.chain.Rag."""

    def stream(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Iterator[Answer]:
        """Snapshots; the last one is done."""
        if not question:
            raise QuestionRejected(REJECTED)
        if "天气" in question:
            yield Answer(**{**_fields(REFUSED), "question": question})
            return
        if "撰写" in question:
            begun = replace(FOUND, question=question, mode="generated", done=False, follow_ups=())
            for end in (0, 8, 16, len(DRAFT)):
                time.sleep(0.4)
                yield replace(begun, draft=DRAFT[:end])
            yield replace(WRITTEN, question=question)
            return
        resolved = f"农业保险中，{question}" if turns and follow and "呢" in question else ""
        for count in range(1, len(CITATIONS) + 1):
            if "慢" in question:
                time.sleep(1.0)
            partial = {"sentences": FOUND.sentences[:count], "citations": CITATIONS[:count], "done": False}
            yield Answer(**{**_fields(FOUND), **partial, "question": question, "resolved": resolved})
        yield Answer(**{**_fields(FOUND), "question": question, "resolved": resolved})

    def document(self, source: str) -> Document:
        """The document of that name."""
        return DOCUMENTS[source]

    def links(self, source: str) -> tuple[Link, ...]:
        """A reference of the law to its own clauses."""
        return LINKS if source == LAW else ()

    def section(self, source: str, label: str) -> Section | None:
        """The line of an article."""
        start = DOCUMENTS[source].text.index(CITATIONS[1].quote)
        return Section((), label, start, start + len(CITATIONS[1].quote)) if label == "第15条" else None

    def facets(self) -> Filters:
        """Every value that exists."""
        return Filters(
            ("行政法规", "论文观点", "数据案例"),
            ("国务院", "国家金融监督管理总局"),
            ("全国",),
            ("2016", "2026"),
            ("现行有效", "待核"),
            tuple(DOCUMENTS),
        )

    def titles(self) -> Mapping[str, str]:
        """Titles by source."""
        return {source: document.title for source, document in DOCUMENTS.items()}

    def generation(self) -> Manifest:
        """What is being served."""
        return Manifest(VERSION, "", "", "", len(DOCUMENTS), 1, 1, 1, 0.0)

    def starters(self) -> tuple[tuple[str, str], ...]:
        """Questions to begin with."""
        return (
            ("柜员", "农业保险的赔款应当在几天内支付？"),
            ("柜员", "涉农贷款展期需要哪些条件？"),
            ("柜员", "脱贫人口小额信贷的额度和期限是多少？"),
            ("学员", "论文认为县域金融资源外流的根源是什么？"),
            ("学员", "论文提出了哪些创新金融产品的路径？"),
            ("学员", "浙江模式和山东模式有什么不同？"),
        )


def _fields(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in Answer.__slots__}


def delayed(seconds: float) -> Callable[[], FakeRag]:
    """A builder that takes its time, like the real one."""

    def build() -> FakeRag:
        time.sleep(seconds)
        return FakeRag()

    return build


if __name__ == "__main__":
    from rag.config import quiet_libraries

    quiet_libraries()
    import app

    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    app.run(app.Loader(delayed(seconds), VERSION), app.listen("127.0.0.1", port))  # type: ignore[arg-type]
