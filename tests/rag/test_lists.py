"""The items of a list are given without others."""

import pytest

from rag.chain import Rag


def test_the_points_of_one_paragraph_are_the_items(kb_rag: Rag) -> None:
    answer = kb_rag.ask("农村集体经济组织的理事、监事和主要经营管理人员，法律禁止他们做哪些事？")
    assert len(answer.sentences) == 5
    assert all("第三十五条第二款" in sentence.text for sentence in answer.sentences)


def test_another_article_of_the_law_is_no_second_half_of_the_list(kb_rag: Rag) -> None:
    answer = kb_rag.ask("村集体已经设了成员代表大会，哪些事项仍由成员大会决定？")
    assert [sentence.text[:20] for sentence in answer.sentences] == ["《农村集体经济组织法》第二十八条规定，成"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("农户办了齐鲁富民贷，这钱有哪些事是不能干的？", ["生活消费", "购建房", "入股分红"]),
        ("国发〔2015〕45号确立的“两权”抵押贷款试点原则有哪些？", ["依法有序、自主自愿、稳妥推进、风险可控"]),
        ("县域法人金融机构新增存款用于当地贷款的考核中，哪些情形考核为达标？", ["同时增加", "贷款增加的，也考核"]),
        (
            "《金融赋能县域经济高质量发展路径探究》借鉴山东、浙江经验后归纳了哪几点启示？",
            ["核心作用", "产品与服务模式", "信用体系", "风险防控"],
        ),
    ],
)
def test_the_items_are_what_the_question_calls_them(kb_rag: Rag, text: str, held: list[str]) -> None:
    said = kb_rag.ask(text).text
    assert [words for words in held if words not in said] == []
