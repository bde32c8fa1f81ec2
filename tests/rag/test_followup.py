"""A short follow-up becomes a whole question; a whole question stays as it is."""

import pytest

from rag.chain import Rag
from rag.followup import resolve
from rag.types import Answer, Citation, DocumentMeta, Turn

LAW = Citation(1, "policies/农业保险条例.md", "农业保险条例", "第九条", "某句。", 0, 3, DocumentMeta())


def turn(question: str, *citations: Citation, resolved: str = "") -> Turn:
    return Turn(question, Answer(question, citations=citations, found=bool(citations), done=True, resolved=resolved))


class TestCompleted:
    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            ("山东的数字金融做法有哪些", "那浙江呢", "浙江的数字金融做法有哪些"),
            ("山东的数字金融做法有哪些", "那浙江呢？", "浙江的数字金融做法有哪些"),
            ("山东的数字金融做法有哪些", "浙江呢", "浙江的数字金融做法有哪些"),
            ("山东的数字金融做法有哪些", "换成浙江呢？", "浙江的数字金融做法有哪些"),
            ("山东的数字金融做法有哪些", "如果是浙江呢", "浙江的数字金融做法有哪些"),
            ("2024年涉农贷款余额是多少", "那2025年呢", "2025年涉农贷款余额是多少"),
            ("2024年涉农贷款余额是多少", "2025年呢？", "2025年涉农贷款余额是多少"),
            ("截至2024年底存贷比是多少", "那2025年底呢", "截至2025年底存贷比是多少"),
        ],
    )
    def test_another_region_or_year(self, before: str, asked: str, whole: str) -> None:
        assert resolve(asked, [turn(before, LAW)]) == whole

    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            ("《农业保险条例》第九条", "第三款呢", "《农业保险条例》第九条第三款规定了什么？"),
            ("《农业保险条例》第九条第一款", "第三款呢？", "《农业保险条例》第九条第三款规定了什么？"),
            ("《农业保险条例》第九条", "那第十四条呢", "《农业保险条例》第十四条规定了什么？"),
            ("《农业保险条例》第九条", "第26条第2款", "《农业保险条例》第26条第2款规定了什么？"),
            ("农业保险怎么赔", "第十四条怎么说", "《农业保险条例》第十四条规定了什么？"),
        ],
    )
    def test_another_clause(self, before: str, asked: str, whole: str) -> None:
        assert resolve(asked, [turn(before, LAW)]) == whole

    @pytest.mark.parametrize(
        ("asked", "rest"),
        [
            ("它的文号是多少", "的文号是多少"),
            ("它什么时候施行？", "什么时候施行？"),
            ("这个文件还有效吗？", "还有效吗？"),
            ("那这个文件还有效吗", "还有效吗"),
            pytest.param(
                "该条例是谁发布的",
                "是谁发布的",
            ),
            ("其施行日期是哪天", "施行日期是哪天"),
        ],
    )
    def test_a_pronoun_is_the_document_cited_first(self, asked: str, rest: str) -> None:
        assert resolve(asked, [turn("农业保险怎么赔", LAW)]) == f"《农业保险条例》{rest}"

    def test_the_completed_question_is_what_the_next_one_follows(self) -> None:
        turns = [turn("山东的做法", LAW), turn("那浙江呢", LAW, resolved="浙江的做法")]
        assert resolve("那四川呢", turns) == "四川的做法"

    def test_only_the_last_turn_counts(self) -> None:
        other = Citation(1, "policies/担保.md", "担保办法", "", "某句。", 0, 3, DocumentMeta())
        assert resolve("它的文号是多少", [turn("一", LAW), turn("二", other)]) == "《担保办法》的文号是多少"


class TestLeftAlone:
    @pytest.mark.parametrize(
        "asked",
        [
            "存款保险最高偿付限额是多少",
            "《商业银行法》第三条呢",
            "财金〔2023〕75号呢",
            "截至2024年底县域存贷比是多少，比全国低多少？",
            "其他地方有哪些做法",
            "其中小微企业占多少",
            "其余三项是什么",
            "县域存贷比低的原因有哪些",
            "什么是无还本续贷",
        ],
    )
    def test_a_whole_question(self, asked: str) -> None:
        assert resolve(asked, [turn("山东的做法有哪些", LAW)]) == asked

    @pytest.mark.parametrize(
        "asked", ["浙江的信用体系建设怎么样？", "数字金融发展得怎么样", "存款保险怎么样", "此外还有哪些做法"]
    )
    def test_a_whole_question_that_looks_short(self, asked: str) -> None:
        assert resolve(asked, [turn("山东的做法有哪些", LAW)]) == asked

    @pytest.mark.parametrize("asked", ["那浙江呢", "第二款呢", "它的文号是多少", "这个文件还有效吗"])
    def test_without_turns(self, asked: str) -> None:
        assert resolve(asked, []) == asked
        assert resolve(asked, [Turn("没有答完的问题")]) == asked

    @pytest.mark.parametrize("asked", ["第二款呢", "它的文号是多少", "这个文件还有效吗"])
    def test_nothing_was_cited(self, asked: str) -> None:
        resolved = resolve(asked, [turn("某事")])
        assert "《" not in resolved

    def test_a_long_question(self) -> None:
        asked = "那" + "县" * 50 + "呢"
        assert resolve(asked, [turn("山东的做法有哪些", LAW)]) == asked

    def test_after_a_refused_address(self) -> None:
        before = turn("《农业保险条例》第二十六条第一款")
        assert resolve("第二款呢", [before]).startswith("《农业保险条例》第二十六条第二款")


class TestAsked:
    def test_regions(self, kb_rag: Rag) -> None:
        first = kb_rag.ask("山东的金融助力乡村振兴创新模式是怎样的？")
        answer = kb_rag.ask("那浙江呢", [Turn(first.question, first)])
        assert answer.question == "那浙江呢"
        assert answer.resolved == "浙江的金融助力乡村振兴创新模式是怎样的？"
        assert any("浙江" in citation.title + citation.quote for citation in answer.citations)

    def test_years(self, kb_rag: Rag) -> None:
        first = kb_rag.ask("2024年末全国涉农贷款余额是多少")
        answer = kb_rag.ask("那2025年末呢", [Turn(first.question, first)])
        assert answer.resolved == "2025年末全国涉农贷款余额是多少"
        assert "2025" in answer.citations[0].quote

    def test_clauses_numbers_and_validity(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        turns = [Turn(first.question, first)]
        second = small_rag.ask("第二款呢", turns)
        assert [citation.label for citation in second.citations] == ["第三条第二款"]
        turns.append(Turn(second.question, second))
        third = small_rag.ask("它的文号是多少", turns)
        assert "青山省人民政府令第629号" in third.sentences[0].text
        turns.append(Turn(third.question, third))
        fourth = small_rag.ask("这个文件还有效吗", turns)
        assert "效力：现行有效" in fourth.sentences[0].text

    def test_it_can_be_undone(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        answer = small_rag.ask("第二款呢", [Turn(first.question, first)], follow=False)
        assert answer.resolved == ""
        assert not any(citation.label == "第三条第二款" for citation in answer.citations)

    def test_a_new_question_says_nothing_of_completion(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        asked = "平均担保费率原则上不超过多少"
        assert small_rag.ask(asked, [Turn(first.question, first)]) == small_rag.ask(asked)
