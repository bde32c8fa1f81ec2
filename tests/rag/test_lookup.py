"""Clauses by address and what the catalogue knows of a document."""

import re
from collections.abc import Iterator

import pytest

from rag import texts
from rag.chain import Rag
from rag.facts import facts_of
from rag.retrieve import Corpus, analysed
from rag.types import DocumentMeta, Filters
from tests.rag.answers import assert_sound
from tests.rag.own_kb import opened

INSURANCE = "policies/青山省农业保险条例.md"


class TestFullText:
    """Articles, paragraphs and points of a law whose text is there."""

    @pytest.mark.parametrize(
        ("address", "opening", "label"),
        [
            ("第五条", "第五条 保险机构应当在发生保险事故后 24 小时内", "第五条第一款"),
            ("第5条", "第五条 保险机构应当在发生保险事故后 24 小时内", "第五条第一款"),
            ("第 五 条", "第五条 保险机构应当在发生保险事故后 24 小时内", "第五条第一款"),
            ("第五条之一", "第五条之一 保险机构可以采取抽样方式", "第五条之一第一款"),
            ("第三条第二款", "任何单位和个人不得强迫农民", "第三条第二款"),
            ("第3条第2款", "任何单位和个人不得强迫农民", "第三条第二款"),
            ("第二条第二款", "本条例所称保险机构", "第二条第二款"),
            ("第四条第一款第二项", "（二）有专门的农业保险经营部门", "第四条第一款第二项"),
            ("第四条第一款第（二）项", "（二）有专门的农业保险经营部门", "第四条第一款第二项"),
        ],
    )
    @pytest.mark.parametrize("name", ["《青山省农业保险条例》", "青山省农业保险条例", "青山省人民政府令第629号"])
    def test_a_clause(
        self, small_rag: Rag, small_corpus: Corpus, name: str, address: str, opening: str, label: str
    ) -> None:
        answer = small_rag.ask(f"{name}{address}")
        assert_sound(answer, small_corpus.catalog)
        assert {citation.source for citation in answer.citations} == {INSURANCE}
        assert answer.sentences[0].text.startswith(opening)
        assert answer.citations[0].label == label

    def test_a_whole_article_with_all_its_points(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第四条")
        assert "（一）有完善的基层服务网络" in answer.text
        assert "（四）法律、行政法规规定的其他条件" in answer.text
        assert "应当依照前款规定自主经营" in answer.text
        assert "24 小时" not in answer.text

    def test_a_reference_inside_an_article_is_no_article(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第八条")
        assert not answer.found
        assert "第八条" in answer.reason

    def test_a_point_without_its_paragraph(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第四条第二项")
        assert answer.sentences[0].text.startswith("（二）有专门的农业保险经营部门")

    def test_two_clauses(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第五条和第七条")
        assert "24 小时" in answer.text
        assert "2023 年 3 月 1 日起施行" in answer.text

    def test_one_of_two_is_unknown(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第五条和第八十条")
        assert answer.found
        assert "24 小时" in answer.text
        assert any("第八十条" in notice for notice in answer.notices)

    def test_an_unknown_article_is_refused_by_name(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第40条第2款")
        assert not answer.found
        assert answer.reason == texts.REASON_ARTICLE.format(title="青山省农业保险条例", count="八", clause="第四十条")

    @pytest.mark.parametrize(
        ("address", "labels"),
        [
            ("第五条至第七条", {"第五条", "第五条之一", "第六条", "第七条"}),
            ("第5-7条", {"第五条", "第五条之一", "第六条", "第七条"}),
            ("第二、三条", {"第二条", "第三条"}),
            ("最后一条", {"第七条"}),
            ("倒数第二条", {"第六条"}),
        ],
    )
    def test_ranges_and_lists(self, small_rag: Rag, small_corpus: Corpus, address: str, labels: set[str]) -> None:
        answer = small_rag.ask(f"青山省农业保险条例{address}怎么规定的")
        assert_sound(answer, small_corpus.catalog)
        assert {re.split("第.款", citation.label)[0] for citation in answer.citations} == labels
        assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("第三条第九款", ["第三条共两款", "没有第三条第九款"]),
            ("第四条第一款第九项", ["第一款共四项", "没有第四条第一款第九项"]),
            ("第五条第一款第一项", ["第一款不分项"]),
            ("第九章", ["没有第九章"]),
        ],
    )
    def test_what_there_is_instead_is_said(self, small_rag: Rag, address: str, words: list[str]) -> None:
        answer = small_rag.ask(f"《青山省农业保险条例》{address}")
        assert not answer.found
        for said in words:
            assert said in answer.reason

    def test_clauses_of_two_documents(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第七条和青财金〔2025〕11号第三条")
        assert ["2023 年 3 月 1 日" in answer.sentences[0].text, "1%" in answer.text] == [True, True]
        assert len({citation.source for citation in answer.citations}) == 2

    def test_which_document_is_asked_back(self, small_rag: Rag) -> None:
        answer = small_rag.ask("第三条")
        assert not answer.found
        assert "《青山省农业保险条例》" in answer.reason
        assert "24 小时" in small_rag.ask("条例第五条").text
        assert "不得强迫农民" in small_rag.ask("第三条", filters=Filters(sources=(INSURANCE,))).text

    @pytest.mark.parametrize("name", ["农险条例", "青山农业保险条例", "《青山农业保险条例》"])
    def test_a_short_title(self, small_rag: Rag, name: str) -> None:
        assert "24 小时" in small_rag.ask(f"{name}第五条").text

    @pytest.mark.parametrize(("name", "missing"), [("贵州农险条例", "贵州农险条例"), ("合同法", "合同法")])
    def test_a_name_that_fits_none(self, small_rag: Rag, name: str, missing: str) -> None:
        answer = small_rag.ask(f"{name}第五条")
        assert not answer.found
        assert answer.reason == texts.REASON_DOCUMENT.format(name=f"《{missing}》")


class TestDigest:
    """Clauses that a digest gives as 《某法》第N条规定…"""

    @pytest.mark.parametrize(
        ("text", "label", "words"),
        [
            ("《农业保险条例》第十四条", "第十四条", "10日内支付"),
            ("《农业保险条例》第14条", "第十四条", "10日内支付"),
            ("国务院令第629号第十四条", "第十四条", "10日内支付"),
            ("《农业保险条例》第9条第3款", "第九条第三款", "信贷支持力度"),
            ("农业保险条例第二十六条第二款", "第二十六条第二款", "取缔"),
            ("農業保險條例第二十六條第二款", "第二十六条第二款", "取缔"),
        ],
    )
    def test_a_clause(self, kb_rag: Rag, kb_corpus: Corpus, text: str, label: str, words: str) -> None:
        answer = kb_rag.ask(text)
        assert_sound(answer, kb_corpus.catalog)
        assert [citation.label for citation in answer.citations] == [label]
        assert answer.citations[0].source == "policies/农业保险条例.md"
        assert words in answer.text

    def test_an_article_brings_its_paragraphs(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("《农业保险条例》第二十六条")
        assert {citation.label for citation in answer.citations} == {"第二十六条", "第二十六条第二款"}

    @pytest.mark.parametrize(
        ("text", "clause"),
        [("《农业保险条例》第九十九条", "第九十九条"), ("《农业保险条例》第九条第八款", "第九条第八款")],
    )
    def test_an_unknown_article(self, kb_rag: Rag, text: str, clause: str) -> None:
        answer = kb_rag.ask(text)
        assert not answer.found
        assert clause in answer.reason
        assert "农业保险条例" in answer.reason


class TestUnknownDocuments:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("《月球开发条例》第三条", "《月球开发条例》"),
            ("《月球开发条例》还有效吗", "《月球开发条例》"),
            ("《存款保险法》规定了什么", "《存款保险法》"),
            ("财金〔2099〕1号什么时候施行", "财金"),
            ("国务院令第9999号", "国务院令第9999号"),
        ],
    )
    def test_they_are_refused_by_name(self, kb_rag: Rag, text: str, name: str) -> None:
        answer = kb_rag.ask(text)
        assert not answer.found
        assert name in answer.reason
        assert answer.reason.startswith("知识库没有收录")

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("《农业保险条例》和《月球开发条例》有什么不同", "月球开发条例"),
            ("财金〔2023〕75号和财金〔2099〕1号", "财金〔2099〕1号"),
        ],
    )
    def test_one_unknown_of_two_is_said(self, kb_rag: Rag, text: str, name: str) -> None:
        answer = kb_rag.ask(text)
        assert any(name in said for said in (*answer.notices, answer.reason))


class TestDocumentNumbers:
    STYLES = (
        "青财金〔2025〕11号",
        "青财金[2025]11号",
        "青财金（2025）11号",
        "青财金(2025)11号",
        "青财金【2025】11号",
        "青财金〔２０２５〕１１号",
        "青财金 〔2025〕 第11号",
    )

    @pytest.mark.parametrize("number", STYLES)
    def test_every_style_names_the_document(self, small_rag: Rag, small_corpus: Corpus, number: str) -> None:
        answer = small_rag.ask(f"{number}什么时候施行")
        assert_sound(answer, small_corpus.catalog)
        assert answer.citations[0].meta.doc_number == "青财金〔2025〕11号"
        assert "施行日期：2025-03-01" in answer.sentences[0].text

    @pytest.mark.parametrize("number", STYLES)
    def test_with_an_article(self, small_rag: Rag, number: str) -> None:
        answer = small_rag.ask(f"{number}第三条")
        assert "平均担保费率原则上不超过 1%" in answer.text
        assert answer.citations[0].label == "第三条第一款"

    @pytest.mark.parametrize(
        "number", ["财金〔2023〕75号", "财金[2023]75号", "财金（2023）75号", "财金(2023)75号", "财金〔２０２３〕７５号"]
    )
    def test_facts_on_the_shipped_knowledge_base(self, kb_rag: Rag, number: str) -> None:
        answer = kb_rag.ask(f"{number}还有效吗")
        assert {citation.meta.doc_number for citation in answer.citations} == {"财金〔2023〕75号"}

    @pytest.mark.parametrize("number", ["财金〔2023〕75号", "财金[2023]75号"])
    def test_what_a_number_is_about_comes_from_its_document(self, kb_rag: Rag, number: str) -> None:
        answer = kb_rag.ask(f"{number}是什么文件")
        assert {citation.meta.doc_number for citation in answer.citations} == {"财金〔2023〕75号"}


class TestFacts:
    @pytest.mark.parametrize(
        ("text", "facts"),
        [
            ("青山省农业保险条例的文号是多少", ["文号：青山省人民政府令第629号"]),
            ("《青山省农业保险条例》现在还有效吗，什么时候施行？", ["效力：现行有效", "施行日期：2023-03-01"]),
            ("《青山省农业保险条例》是谁发布的", ["发文机关：青山省人民政府"]),
            ("青财金〔2025〕11号由哪几家单位联合印发", ["发文机关：青山省财政厅、青山省地方金融管理局"]),
            ("青财金〔2025〕11号的施行日期", ["施行日期：2025-03-01", "成文日期：2025-02-19"]),
            ("《支持小微企业融资若干措施》的文号", ["文号：知识库未载明"]),
            ("《支持小微企业融资若干措施》什么时候发布的", ["公布日期：2025-06-01", "效力：阶段性"]),
        ],
    )
    def test_they_are_those_of_the_front_matter(
        self, small_rag: Rag, small_corpus: Corpus, text: str, facts: list[str]
    ) -> None:
        answer = small_rag.ask(text)
        assert_sound(answer, small_corpus.catalog)
        assert answer.sentences[0].verdict == "改写有据"
        for fact in facts:
            assert fact in answer.sentences[0].text

    def test_what_is_unknown_is_never_invented(self) -> None:
        facts = facts_of(DocumentMeta())
        assert len(facts) == 4
        assert all(fact.endswith(f"：{texts.UNKNOWN}") for fact in facts)

    def test_everything_known_is_said(self) -> None:
        meta = DocumentMeta(
            doc_number="甲〔2020〕1号",
            issuer=("甲局", "乙局"),
            issued="2020-01-01",
            published="2020-01-02",
            effective="2020-01-03",
            expires="2020-01-04",
            status="已失效",
            replaced_by=("新办法",),
            replaces=("旧办法",),
        )
        said = "；".join(facts_of(meta))
        for value in ("甲〔2020〕1号", "甲局、乙局", "新办法", "旧办法", "已失效"):
            assert value in said
        for day in range(1, 5):
            assert f"2020-01-0{day}" in said
        assert texts.UNKNOWN not in said

    def test_of_every_shipped_document(self, kb_rag: Rag) -> None:
        """Dates and numbers of the answer are those of the metadata, document by document."""
        for source, title in kb_rag.titles().items():
            meta = kb_rag.document(source).meta
            if not meta.group.startswith("法律"):
                continue
            answer = kb_rag.ask(f"《{title}》的文号是多少，什么时候施行，还有效吗？")
            assert answer.found, source
            assert {citation.source for citation in answer.citations} == {source}
            said = answer.sentences[0].text
            assert f"文号：{meta.doc_number or texts.UNKNOWN}" in said
            assert f"施行日期：{meta.effective or texts.UNKNOWN}" in said
            assert f"效力：{meta.status or texts.UNKNOWN}" in said

    @pytest.mark.parametrize(
        ("text", "foreign"),
        [
            ("农业保险条例还有效吗", "实施监督管理"),
            ("商业银行法什么时候施行", "未经批准"),
            ("金规〔2024〕13号还有效吗", "政策要点整理"),
        ],
    )
    def test_proofs_speak_of_the_document_itself(self, kb_rag: Rag, text: str, foreign: str) -> None:
        assert foreign not in kb_rag.ask(text).text

    def test_a_question_on_content_is_no_question_of_facts(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》要求保险机构在多久内现场查勘")
        assert "24 小时" in answer.sentences[0].text
        assert answer.sentences[0].verdict == "原文直引"


class TestDescribedDocuments:
    """A document that is described instead of named."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("2016年通过的那部山东地方金融条例，现在还算数不？", ["效力标为待核"]),
            ("2023年国务院那个普惠金融高质量发展实施意见现在还有效吗？", ["国发〔2023〕15号", "故标为现行有效"]),
            (
                "普惠金融发展专项资金按哪个办法管，文号多少，改的是以前哪个文件？",
                ["财金〔2023〕75号", "财金〔2019〕96号"],
            ),
            ("湖州绿色金融那部条例什么时候生效的？现在还算数吗", ["2022年1月1日", "待核"]),
            ("农业强国规划和乡村全面振兴规划，印发的消息哪个先出来？", ["2025年4月7日", "2025年1月22日"]),
            ("给小微降附加费、整治贷款黑中介，是八部门哪个文件说的，哪天公布的？", ["非法中介", "2025年5月21日"]),
            ("存款保险条例是哪年公布的？理赔期限是几个工作日？", ["2015-02-17", "7个工作日"]),
        ],
    )
    def test_its_facts_are_told(self, kb_rag: Rag, text: str, said: list[str]) -> None:
        answer = kb_rag.ask(text)
        assert answer.found
        for words in said:
            assert words in answer.text

    @pytest.mark.parametrize(
        "text",
        [
            "这个办法现在还有效吗",
            "国务院的意见还有效吗",
            "贵州省地方金融条例现在还有效吗？",
            "农业保险的赔偿期限是几天",
        ],
    )
    def test_a_guess_names_none(self, kb_corpus: Corpus, text: str) -> None:
        assert analysed(kb_corpus, text).named.sources == ()


class TestReportedDocuments:
    """A document that the knowledge base does not hold, of which another one tells."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("《广东省农村扶贫开发条例》现在还有效吗，是被哪部条例废止的？", "自2022年9月1日起施行"),
            ("财金(2019)96号被哪个办法替代了？", "财金〔2023〕75号"),
            ("《农民住房财产权抵押贷款试点暂行办法》是什么时候印发的？", "2016年3月"),
        ],
    )
    def test_what_is_told_is_quoted(self, kb_rag: Rag, kb_corpus: Corpus, text: str, said: str) -> None:
        answer = kb_rag.ask(text)
        assert_sound(answer, kb_corpus.catalog)
        assert said in answer.text
        assert answer.notices[0].startswith("知识库没有收录")

    @pytest.mark.parametrize(
        "text", ["《广东省农村扶贫开发条例》第五条", "《农民住房财产权抵押贷款试点暂行办法》的文号"]
    )
    def test_what_is_not_told_is_refused(self, kb_rag: Rag, text: str) -> None:
        assert not kb_rag.ask(text).found


class TestByline:
    def test_author_and_unit_of_a_paper(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("《金融赋能县域经济高质量发展路径探究》的作者是哪个单位的？")
        assert "胡常帅" in answer.text
        assert "四川省县域经济研究中心" in answer.text

    def test_of_a_reference_it_is_not_asked(self, kb_rag: Rag) -> None:
        assert "岳胤谷" in kb_rag.ask("论文参考文献里讲平定县项目推进中心的那篇是谁写的？").text


TITLE = "青山县信用管理办法"
DIGEST = f"""---
title: {TITLE}
issuer: 青山县人民政府
effective: 2020-05-01
status: 现行有效
layer: 地方政策
---

# {TITLE}

- 第二条规定，不良信息的保存期限为五年。
- 第九条规定，查询信用报告免费两次。
"""
FULL_TEXT = f"""{TITLE}
第一条 为了规范信用管理，制定本办法。
第二条 不良信息自终止之日起保存五年。
第三条 信用服务机构在接管期限届满前恢复经营的，接管终止。
第四条 本办法自2020年5月1日起施行。
"""


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    with opened(tmp_path_factory.mktemp("one_title_twice"), {"要点.md": DIGEST, "全文.txt": FULL_TEXT}) as rag:
        yield rag


class TestOneTitleTwice:
    """A digest and the full text of one document, both in the knowledge base."""

    def test_the_fuller_one_gives_the_clause(self, doubled: Rag) -> None:
        answer = doubled.ask(f"《{TITLE}》第二条")
        assert [(c.source, c.label) for c in answer.citations] == [("全文.txt", "第二条第一款")]

    def test_its_facts_are_stated_once(self, doubled: Rag) -> None:
        answer = doubled.ask(f"{TITLE}现在还有效吗？")
        stated = [sentence.text for sentence in answer.sentences if "效力" in sentence.text]
        assert len(stated) == 1
        assert "青山县人民政府" in stated[0]

    def test_what_an_article_says_of_other_matters_proves_nothing(self, doubled: Rag) -> None:
        answer = doubled.ask(f"{TITLE}什么时候施行，现在还有效吗？")
        assert "届满" not in answer.text
        assert "2020-05-01" in answer.text
