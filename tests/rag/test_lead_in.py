"""What introduces an item of a clause stands before it."""

from rag.chain import Rag
from rag.lead_in import introduced, lead_in
from rag.rank import Candidate
from rag.retrieve import Corpus, analysed, retrieve
from rag.types import Sentence
from tests.fakes import HashingEmbedder

INSURANCE = "policies/青山省农业保险条例.md"
OPENING = "第四条 申请经营农业保险业务的保险机构应当具备下列条件："


def sentence(corpus: Corpus, beginning: str) -> Sentence:
    everything = corpus.catalog.sentences_between(INSURANCE, 0, 10**9)
    return next(s for s in everything if s.text.startswith(beginning))


def test_of_an_item(small_corpus: Corpus) -> None:
    for item in ("（一）", "（三）"):
        found = lead_in(small_corpus, INSURANCE, sentence(small_corpus, item))
        assert [s.text for s in found] == [OPENING]


def test_of_nothing_else(small_corpus: Corpus) -> None:
    for other in ("任何单位和个人", OPENING, "保险机构经营农业保险业务"):
        assert lead_in(small_corpus, INSURANCE, sentence(small_corpus, other)) == ()


def test_it_comes_first_and_once(small_corpus: Corpus) -> None:
    passage = retrieve(small_corpus, HashingEmbedder(), analysed(small_corpus, "保险机构具备的条件")).passages[0]
    assert passage.chunk.source == INSURANCE
    beginnings = ("（二）", OPENING, "（三）")
    chosen = tuple(Candidate(passage, sentence(small_corpus, beginning), 1.0) for beginning in beginnings)
    shown = [c.sentence.text[:4] for c in introduced(small_corpus, chosen)]
    assert shown == ["第四条 ", "（二）有", "（三）有"]


def test_in_an_answer(small_rag: Rag) -> None:
    answer = small_rag.ask("经营农业保险业务，要有专门的农业保险经营部门并配备专业人员吗？")
    texts = [s.text for s in answer.sentences]
    item = next(i for i, text in enumerate(texts) if text.startswith("（二）"))
    assert OPENING in texts[:item]
