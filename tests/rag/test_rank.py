"""Sentences that say no more than the question answer nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import generation
from rag.chain import Rag
from rag.rank import candidates
from rag.retrieve import Corpus, analysed, open_corpus, retrieve
from tests.fakes import HashingEmbedder
from tests.rag.own_kb import opened

FORM = "事项名称：户口页借出\n实施部门：青山县人社局\n办理地点：天河路13号\n咨询电话：020-37607198\n"


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    files = {"户口页借出.txt": FORM, "走访.txt": "走访了三家养殖户，都缺少抵押物。\n"}
    with opened(tmp_path_factory.mktemp("forms"), files) as own:
        yield own


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


def test_the_punished_clause_may_stand_in_another_text(tmp_path: Path) -> None:
    rules = "青山县信用办法\n第一条 为了规范信用，制定本办法。\n第二条 信用机构应当每月报送名单。\n"
    fines = (
        "青山县处罚办法\n第一条 为了规范处罚，制定本办法。\n第二条 不得买卖印章，违反规定的处二万元罚款。\n"
        "第三条 违反《青山县信用办法》第二条规定的，处一万元罚款。\n"
    )
    with opened(tmp_path, {"信用.txt": rules, "处罚.txt": fines}):
        corpus = open_corpus(generation.published(tmp_path / "index"))
    question = analysed(corpus, "青山县处罚办法里，没有每月报送名单，处多少罚款？")
    first, second, *_ = candidates(corpus, retrieve(corpus, HashingEmbedder(), question))
    corpus.close()
    assert first.sentence.text.startswith("第三条")
    assert first.score > second.score + 0.5
