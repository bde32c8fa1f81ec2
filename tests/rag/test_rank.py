"""Sentences that say no more than the question answer nothing."""

from collections.abc import Iterator

import pytest

from ingest.build import ingest
from rag.chain import Rag, build_rag
from rag.config import OFF, Config
from rag.rank import candidates
from rag.retrieve import Corpus, analysed, retrieve
from tests.fakes import FakeModel, HashingEmbedder

FORM = "事项名称：户口页借出\n实施部门：青山县人社局\n办理地点：天河路13号\n咨询电话：020-37607198\n"


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "kb").mkdir()
    (folder / "kb" / "户口页借出.txt").write_text(FORM, encoding="utf-8")
    (folder / "kb" / "走访.txt").write_text("走访了三家养殖户，都缺少抵押物。\n", encoding="utf-8")
    config = Config(kb_dir=folder / "kb", index_dir=folder / "index", cache_dir=folder / "cache", reader=OFF)
    ingest(config, lambda *_: None, model=FakeModel())
    opened = build_rag(config, FakeModel())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("户口页借出由哪个部门负责实施？", "实施部门：青山县人社局"),
        ("户口页借出的咨询电话是多少？", "咨询电话：020-37607198"),
        ("户口页借出的办理地点在哪", "办理地点：天河路13号"),
    ],
)
def test_the_line_of_a_form_that_answers(rag: Rag, question: str, said: str) -> None:
    assert rag.ask(question).sentences[0].text == said


def test_a_sanction_is_held_against_the_clause_that_it_punishes(small_corpus: Corpus) -> None:
    question = analysed(small_corpus, "青山省农业保险条例里，没有完善的内控制度和基层服务网络会被罚款吗")
    ranked = candidates(small_corpus, retrieve(small_corpus, HashingEmbedder(), question))
    scores = {c.sentence.text.split()[0]: c.score for c in ranked}
    assert scores["第六条"] > scores["第四条"] + 0.5
