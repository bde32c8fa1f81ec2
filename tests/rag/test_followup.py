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
        ("before", "asked", "whole"),
        [
            ("2025年三季度末余额是多少？", "到年底呢？", "2025年底余额是多少？"),
            ("2024年末余额是多少？", "2025年10月末的呢", "2025年10月末余额是多少？"),
            ("2024年10月LPR降到多少？", "那2025年5月那次呢？", "2025年5月LPR降到多少？"),
            ("2025年8月新增了多少额度？", "2026年那次呢？", "2026年新增了多少额度？"),
            ("截至2024年6月末余额是多少？", "那9月末呢？", "截至2024年9月末余额是多少？"),
            ("2024年7月22日公布的LPR是多少？", "2025年5月20日呢？", "2025年5月20日公布的LPR是多少？"),
            ("2023年一季度保费是多少？", "那么2026年1—3月呢", "2026年1—3月保费是多少？"),
            ("2024年末余额是多少？", "前一年呢？", "2023年末余额是多少？"),
            ("2026年1月末余额是多少？", "去年6月末呢？", "2025年6月末余额是多少？"),
            ("2024年二季度末余额是多少？", "2025年同期呢？", "2025年二季度末余额是多少？"),
            ("2025年保费是多少？", "26年一季度呢", "2026年一季度保费是多少？"),
            ("2025年一季度末余额是多少？", "到2026年1月末涨到多少了？", "2026年1月末余额是多少？"),
            ("2023年中央一号文件有什么要求？", "2025年的呢？", "2025年中央一号文件有什么要求？"),
            ("2024年山东的余额是多少？", "那浙江2025年呢", "2025年浙江的余额是多少？"),
            ("论文里浙江的做法有哪些？", "那山东呢，有什么不同？", "论文里山东的做法有哪些，有什么不同？"),
        ],
    )
    def test_a_time_is_one_thing(self, before: str, asked: str, whole: str) -> None:
        assert resolve(asked, [turn(before, LAW)]) == whole

    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            ("《农业保险条例》第九条第一款", "第二款规定的是什么？", "《农业保险条例》第九条第二款规定了什么？"),
            (
                "《农业保险条例》第九条第一款第二项",
                "第（三）项呢",
                "《农业保险条例》第九条第一款第（三）项规定了什么？",
            ),
            ("《农业保险条例》第九条", "下一条呢？", "《农业保险条例》第十条规定了什么？"),
            ("《农业保险条例》第九条第二款", "上一款说的是啥", "《农业保险条例》第九条第一款规定了什么？"),
            ("《农业保险条例》第九条", "第二款对银行有什么要求？", "《农业保险条例》第九条第二款对银行有什么要求？"),
        ],
    )
    def test_a_clause_in_other_words(self, before: str, asked: str, whole: str) -> None:
        assert resolve(asked, [turn(before, LAW)]) == whole

    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            ("合作社和家庭农场有什么区别？", "后者怎么登记？", "家庭农场怎么登记？"),
            ("合作社和家庭农场有什么区别？", "前者最少要几个人", "合作社最少要几个人"),
            ("有哪些投保方式？", "还有呢？", "有哪些其他投保方式？"),
            ("有哪些投保方式？", "依据是什么？", "有哪些投保方式，依据是什么？"),
            ("县域存贷比是多少？", "为什么这么低？", "县域存贷比，为什么这么低？"),
            ("有哪些投保方式？", "谁发的？", "《农业保险条例》谁发的？"),
            ("有哪些投保方式？", "文号是多少", "《农业保险条例》文号是多少"),
            ("有哪些投保方式？", "什么时候开始施行的？", "《农业保险条例》什么时候开始施行的？"),
            ("有哪些投保方式？", "还有效吗", "《农业保险条例》还有效吗"),
            ("有哪些投保方式？", "这笔补贴的钱谁出？", "《农业保险条例》补贴的钱谁出？"),
            ("有哪些投保方式？", "申请这种补贴要什么条件？", "《农业保险条例》申请补贴要什么条件？"),
            ("有哪些投保方式？", "这项政策是谁定的", "《农业保险条例》是谁定的"),
        ],
    )
    def test_what_was_just_spoken_of(self, before: str, asked: str, whole: str) -> None:
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

    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            ("2024年一季度末全国农户贷款余额是多少？", "那农业贷款呢？", "2024年一季度末全国农业贷款余额是多少？"),
            ("2024年10月公布的5年期以上LPR是多少？", "1年期的呢？", "2024年10月公布的1年期LPR是多少？"),
            (
                "创业担保贷款的个人贷款额度上限提高到了多少？",
                "小微企业呢？",
                "创业担保贷款的小微企业贷款额度上限提高到了多少？",
            ),
            (
                "机关、事业单位从中小企业采购要在多少日内付款？",
                "大型企业呢？",
                "大型企业从中小企业采购要在多少日内付款？",
            ),
            ("论文里农户信用档案覆盖率是多少？", "小微企业的呢？", "论文里小微企业信用档案覆盖率是多少？"),
            ("齐鲁富民贷最高能贷多少？", "最长几年？", "《“齐鲁富民贷”产品政策（山东）》最长几年？"),
            ("齐鲁富民贷最高能贷多少？", "担保费率呢？", "《“齐鲁富民贷”产品政策（山东）》担保费率是多少？"),
            ("存款保险最高赔多少？", "保费谁交？", "《存款保险条例》保费谁交？"),
            (
                "2025年末全国普惠型小微企业贷款余额是多少？",
                "同比增长多少？",
                "2025年末全国普惠型小微企业贷款余额，同比增长多少？",
            ),
        ],
    )
    def test_a_question_without_its_subject(self, kb_rag: Rag, before: str, asked: str, whole: str) -> None:
        first = kb_rag.ask(before)
        assert kb_rag.ask(asked, [Turn(before, first)]).resolved == whole

    @pytest.mark.parametrize(
        ("before", "asked"),
        [
            ("齐鲁富民贷最高能贷多少？", "LPR是什么？"),
            ("齐鲁富民贷最高能贷多少？", "存款保险最高赔多少？"),
            ("齐鲁富民贷最高能贷多少？", "创业担保贷款个人能贷多少？"),
            ("存款保险最高赔多少？", "村镇银行怎么改革？"),
            ("存款保险最高赔多少？", "耕地承包期是多少年？"),
            ("存款保险最高赔多少？", "合作社分红怎么分？"),
            ("存款保险最高赔多少？", "今天天气怎么样？"),
            ("存款保险最高赔多少？", "怎么学习英语？"),
            ("存款保险最高赔多少？", "你是谁？"),
            ("存款保险最高赔多少？", "好的，明白了"),
            ("浙江农商联合银行注册资本多少？", "设立农村商业银行注册资本最低多少？"),
            ("山东省地方金融条例规定了哪些地方金融组织？", "大型企业多少天内要付款？"),
            ("农业保险有哪些投保方式？", "2024年末全国涉农贷款余额是多少？"),
        ],
    )
    def test_a_new_topic_after_an_answer(self, kb_rag: Rag, before: str, asked: str) -> None:
        first = kb_rag.ask(before)
        assert kb_rag.ask(asked, [Turn(before, first)]).resolved == ""

    @pytest.mark.parametrize(
        ("before", "asked", "whole"),
        [
            (
                "《征信业管理条例》里，信息主体提异议，几天内答复？",
                "那浙江的公共信用信息条例呢？",
                "浙江的公共信用信息条例里，信息主体提异议，几天内答复？",
            ),
            (
                "财金〔2023〕75号修订后，小微企业创业担保贷款最高能贷到多少？",
                "个人的呢？",
                "财金〔2023〕75号修订后，个人创业担保贷款最高能贷到多少？",
            ),
        ],
    )
    def test_another_document_and_another_party(self, kb_rag: Rag, before: str, asked: str, whole: str) -> None:
        assert kb_rag.ask(asked, [Turn(before, kb_rag.ask(before))]).resolved == whole

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
