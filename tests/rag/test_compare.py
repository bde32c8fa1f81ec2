"""Each side of a comparison has its sentence."""

import pytest

from rag.chain import Rag
from rag.compare import sides
from rag.retrieve import Corpus, analysed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("山东和浙江分别罚多少？", ["山东", "浙江"]),
        ("2024年7月和2024年10月的利率分别是多少？", ["2024-7", "2024-10"]),
        ("农村集体经济组织与农民专业合作社，有什么区别？", ["农村集体经济组织", "农民专业合作社"]),
        ("2021年那版办法和齐鲁富民贷，最长各能贷几年？", ["2021年那版办法", "齐鲁富民贷"]),
        ("财政金融协同促内需政策有哪些？", []),
        ("涉农贷款余额是多少？", []),
    ],
)
def test_sides(small_corpus: Corpus, text: str, names: list[str]) -> None:
    assert [side.name for side in sides(small_corpus, analysed(small_corpus, text))] == names


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (
            "没拿到批准就擅自干小贷公司，又没有违法所得的，山东和浙江分别罚多少？",
            ["五万元以上十万元以下", "五万元以上二十万元以下"],
        ),
        (
            "农村集体经济组织与农民专业合作社，在是否适用破产规定上有什么区别？",
            ["不适用有关破产法律的规定", "适用企业破产法"],
        ),
        (
            "四川2021年的奖励政策里，银行贷款增量前三名和地方金融组织融资增量前三名各奖多少钱？",
            ["500万元、300万元、200万元", "100万元、80万元、50万元"],
        ),
        ("2024年7月和2024年10月1年期LPR分别是多少？", ["3.35%", "3.1%"]),
    ],
)
def test_one_sentence_a_side(kb_rag: Rag, text: str, quotes: list[str]) -> None:
    said = [sentence.text for sentence in kb_rag.ask(text).sentences]
    assert len(said) == len(quotes)
    assert all(any(quote in sentence for sentence in said) for quote in quotes)


def test_one_sentence_may_speak_for_both(kb_rag: Rag) -> None:
    answer = kb_rag.ask("城市商业银行和农村商业银行的最低注册资本各是多少？")
    assert len(answer.sentences) == 1
    assert "城市商业银行为一亿元，农村商业银行为五千万元" in answer.text


def test_each_of_two_named_documents_has_its_say(kb_rag: Rag) -> None:
    answer = kb_rag.ask("三大粮食作物的完全成本保险，2018年和2023年两份中央一号文件的提法有什么不同？")
    assert [citation.source[9:20] for citation in answer.citations] == ["2018年中央一号文件", "2023年中央一号文件"]
