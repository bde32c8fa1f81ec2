"""文号, 《title》, titles without brackets, 论文, and 第N条第M款第K项."""

import pytest

from rag.address import Clause, Named, NameIndex, clauses_of, doc_number_key
from rag.retrieve import Corpus
from rag.types import DocumentMeta

DOCUMENTS = {
    "policies/担保办法.md": ("政府性融资担保发展管理办法", DocumentMeta(doc_number="财金〔2025〕11号")),
    "policies/担保条例.md": ("融资担保公司监督管理条例", DocumentMeta(doc_number="国务院令第683号")),
    "policies/促进法.md": ("中华人民共和国乡村振兴促进法", DocumentMeta(doc_number="中华人民共和国主席令第七十七号")),
    "policies/普惠意见.md": ("国务院关于推进普惠金融高质量发展的实施意见", DocumentMeta(doc_number="国发〔2023〕15号")),
    "policies/保险条例.md": ("农业保险条例", DocumentMeta(doc_number="国务院令第629号")),
    "paper/论文.md": ("金融赋能县域经济高质量发展路径探究", DocumentMeta(layer="论文观点", author="胡常帅")),
}


@pytest.fixture(scope="module")
def names() -> NameIndex:
    titles = {source: title for source, (title, _) in DOCUMENTS.items()}
    groups = [("贷款市场报价利率", "lpr")]
    return NameIndex(titles, {source: meta for source, (_, meta) in DOCUMENTS.items()}, groups)


class TestClauses:
    @pytest.mark.parametrize(
        ("text", "clause"),
        [
            ("第十二条", Clause(12)),
            ("第12条", Clause(12)),
            ("第１２条", Clause(12)),
            ("第一百二十条", Clause(120)),
            ("第12条之一", Clause(12, 1)),
            ("第十二条之2", Clause(12, 2)),
            ("第十条之二第一款", Clause(10, 2, 1)),
            ("第十二条第二款", Clause(12, 0, 2)),
            ("第十二条第二款第三项", Clause(12, 0, 2, 3)),
            ("第十二条第二款第（三）项", Clause(12, 0, 2, 3)),
            ("第12条第2款第(3)项", Clause(12, 0, 2, 3)),
            ("第十二条第（三）项", Clause(12, 0, 0, 3)),
            ("请问《条例》第十二条第二款怎么规定", Clause(12, 0, 2)),
        ],
    )
    def test_one(self, text: str, clause: Clause) -> None:
        assert clauses_of(text) == (clause,)

    def test_several_in_order(self) -> None:
        assert clauses_of("第五条和第六条第一款有何不同") == (Clause(5), Clause(6, 0, 1))

    def test_none(self) -> None:
        assert clauses_of("这一条规定了什么") == ()

    @pytest.mark.parametrize(("text", "clause"), [("第 12 条", Clause(12)), ("第十二条 第二款", Clause(12, 0, 2))])
    def test_blanks_inside(self, text: str, clause: Clause) -> None:
        assert clauses_of(text) == (clause,)

    @pytest.mark.parametrize(
        ("clause", "label"),
        [
            (Clause(12), "第12条"),
            (Clause(12, 1), "第12条之1"),
            (Clause(12, 0, 2, 3), "第12条第2款第3项"),
            (Clause(5, 0, 0, 1), "第5条第1项"),
        ],
    )
    def test_labels_are_those_of_the_catalogue(self, clause: Clause, label: str) -> None:
        assert clause.label == label


class TestDocumentNumber:
    @pytest.mark.parametrize(
        "text",
        [
            "财金〔2025〕11号",
            "财金[2025]11号",
            "财金［2025］11号",
            "财金（2025）11号",
            "财金(2025)11号",
            "财金【2025】11号",
            "财金2025年11号",
            "财金〔２０２５〕１１号",
            "财金 〔2025〕 11 号",
            "财金〔2025〕第11号",
            "财金〔2025〕011号",
            "財金〔2025〕11號",
        ],
    )
    def test_every_bracket_and_digit_style_is_one_number(self, text: str) -> None:
        assert doc_number_key(text) == "财金2025-11"

    @pytest.mark.parametrize(
        "text", ["国务院令第683号", "国务院令683号", "国务院令第六百八十三号", "中华人民共和国国务院令 第 683 号"]
    )
    def test_order_numbers(self, text: str) -> None:
        assert doc_number_key(text) == "国务院令-683"

    def test_an_order_is_of_its_issuer(self) -> None:
        titles = {"财政.md": "某财务规则", "税务.md": "某税务办法", "条例.md": "某条例"}
        numbers = {"财政.md": "财政部令第96号", "税务.md": "国家税务总局令第96号", "条例.md": "国务院令第683号"}
        index = NameIndex(titles, {source: DocumentMeta(doc_number=number) for source, number in numbers.items()})
        assert index.named("根据财政部令第96号，多少天内").sources == ("财政.md",)
        assert index.named("国家税务总局令第九十六号").sources == ("税务.md",)
        assert index.named("令第683号第三条").sources == ("条例.md",)
        assert index.named("请问按照公安部令第96号怎么办").missing == "公安部令第96号"
        assert index.named("贷款按国务院令第683号怎么办").rest == "贷款按 怎么办"

    @pytest.mark.parametrize(
        ("text", "found"), [("财政那个2025年11号文", 1), ("某某办2025年11号文", 0), ("那个2024年11号文", 0)]
    )
    def test_a_number_without_its_issuer(self, text: str, found: int) -> None:
        numbers = {"担保.md": "财金〔2025〕11号", "意见.md": "国发〔2023〕15号"}
        metas = {source: DocumentMeta(doc_number=number) for source, number in numbers.items()}
        index = NameIndex({source: source for source in numbers}, metas)
        assert len(index.named(text).sources) == found

    def test_a_number_without_its_issuer_that_two_documents_have(self) -> None:
        numbers = {"担保.md": "财金〔2025〕11号", "意见.md": "国发〔2025〕11号"}
        metas = {source: DocumentMeta(doc_number=number) for source, number in numbers.items()}
        index = NameIndex({source: source for source in numbers}, metas)
        assert index.named("那个2025年11号文").sources == ()

    @pytest.mark.parametrize("text", ["", "第十二条", "2025年11月", "农业保险条例", "12号"])
    def test_none(self, text: str) -> None:
        assert doc_number_key(text) == ""


class TestNamed:
    @pytest.mark.parametrize(
        ("question", "sources"),
        [
            ("财金〔2025〕11号是什么", ["policies/担保办法.md"]),
            ("请问财金(2025)11号第三条", ["policies/担保办法.md"]),
            ("关于财金【2025】11号文件", ["policies/担保办法.md"]),
            ("国务院令第683号讲什么", ["policies/担保条例.md"]),
            ("国务院令第六百二十九号", ["policies/保险条例.md"]),
            ("依据国发[2023]15号", ["policies/普惠意见.md"]),
            ("《融资担保公司监督管理条例》第八条", ["policies/担保条例.md"]),
            ("《中华人民共和国乡村振兴促进法》", ["policies/促进法.md"]),
            ("《乡村振兴促进法》第五条", ["policies/促进法.md"]),
            ("《推进普惠金融高质量发展的实施意见》", ["policies/普惠意见.md"]),
            ("《农业保险条例》和《乡村振兴促进法》", ["policies/保险条例.md", "policies/促进法.md"]),
            ("乡村振兴促进法第五条", ["policies/促进法.md"]),
            ("农业保险条例怎么规定理赔时限", ["policies/保险条例.md"]),
            ("論文裡怎麼說", ["paper/论文.md"]),
            ("这篇文章的结论是什么", ["paper/论文.md"]),
            ("胡常帅怎么看数字鸿沟", ["paper/论文.md"]),
        ],
    )
    def test_found(self, names: NameIndex, question: str, sources: list[str]) -> None:
        assert list(names.named(question).sources) == sources

    @pytest.mark.parametrize("question", ["农业保险怎么赔", "毕业论文怎么写", "今年的利率是多少", "2023年75号公交车"])
    def test_nothing_is_named(self, names: NameIndex, question: str) -> None:
        assert names.named(question) == Named()

    @pytest.mark.parametrize(
        ("question", "missing"),
        [("财金〔2099〕1号", "财金〔2099〕1号"), ("《不存在的办法》第一条", "《不存在的办法》")],
    )
    def test_what_is_named_and_absent_is_said(self, names: NameIndex, question: str, missing: str) -> None:
        found = names.named(question)
        assert (found.sources, found.missing, found.exact) == ((), missing, True)

    def test_a_number_of_another_issuer_is_not_taken(self, names: NameIndex) -> None:
        assert names.named("国办发〔2023〕15号").sources == ()

    def test_the_rest_is_the_question_without_the_name(self, names: NameIndex) -> None:
        assert "条例" not in names.named("农业保险条例怎么规定理赔").rest
        assert names.named("《农业保险条例》第八条").rest == "第八条"
        assert names.named("财金〔2025〕11号第三条说什么").rest == "第三条说什么"

    def test_a_title_without_brackets_is_weaker_evidence(self, names: NameIndex) -> None:
        assert names.named("《农业保险条例》第八条").exact
        assert not names.named("农业保险条例第八条").exact

    def test_two_numbers(self, names: NameIndex) -> None:
        found = names.named("财金〔2025〕11号和国发〔2023〕15号有什么不同")
        assert set(found.sources) == {"policies/担保办法.md", "policies/普惠意见.md"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("安徽省农业保险条例什么时候施行", "安徽省农业保险条例"),
        ("农业保险条例什么时候施行", ""),
        ("全省农业保险条例执行情况", ""),
    ],
)
def test_a_name_of_another_place_is_another_document(names: NameIndex, text: str, missing: str) -> None:
    named = names.named(text)
    assert named.missing == missing
    assert bool(named.sources) == (not missing)


YEARLY = {
    "policies/2023年中央一号文件-重点工作的意见.md": "中共中央 国务院关于做好2023年全面推进乡村振兴重点工作的意见",
    "policies/2024年中央一号文件-千万工程的意见.md": "中共中央 国务院关于学习运用千万工程经验推进乡村振兴的意见",
}
OF_2023, OF_2024 = YEARLY


@pytest.fixture(scope="module")
def series() -> NameIndex:
    groups = [("一号文件", "中央一号文件", "1号文件")]
    return NameIndex(YEARLY, {source: DocumentMeta() for source in YEARLY}, groups)


class TestSeries:
    """Documents that are known by their year."""

    @pytest.mark.parametrize(
        ("question", "source"),
        [
            ("2023年的一号文件怎么说县域", OF_2023),
            ("2024年的一号文件怎么说县域", OF_2024),
            ("2023年一号文件", OF_2023),
            ("2023年中央一号文件", OF_2023),
            ("2023年的中央1号文件", OF_2023),
            ("2024年发布的中央一号文件", OF_2024),
            ("2024年那个一号文件", OF_2024),
            ("2024年那份中央一号文件", OF_2024),
            ("２０２４年的党中央一号文件", OF_2024),
        ],
    )
    def test_the_document_of_the_year(self, series: NameIndex, question: str, source: str) -> None:
        named = series.named(question)
        assert (named.sources, named.missing) == ((source,), "")

    @pytest.mark.parametrize("question", ["2023年和2024年两份中央一号文件", "2023、2024年的一号文件有什么不同"])
    def test_two_years_share_the_name(self, series: NameIndex, question: str) -> None:
        assert set(series.named(question).sources) == {OF_2023, OF_2024}

    def test_a_year_that_is_not_there_is_missing(self, series: NameIndex) -> None:
        named = series.named("2019年的中央一号文件讲了什么")
        assert (named.sources, named.missing) == ((), "2019年一号文件")

    def test_one_year_of_two_is_missing(self, series: NameIndex) -> None:
        named = series.named("2024年一号文件和2019年一号文件有什么不同")
        assert (named.sources, named.missing) == ((OF_2024,), "2019年一号文件")

    def test_no_year_names_none(self, series: NameIndex) -> None:
        assert series.named("一号文件讲了什么") == Named()

    def test_where_no_document_is_of_the_series_nothing_is_missing(self, names: NameIndex) -> None:
        assert names.named("2023年的一号文件怎么说县域") == Named()

    @pytest.mark.parametrize(("year", "there"), [("2018", True), ("2023", True), ("2026", True), ("2019", False)])
    def test_in_the_shipped_knowledge_base(self, kb_corpus: Corpus, year: str, there: bool) -> None:
        named = kb_corpus.names.named(f"{year}年的一号文件讲了什么")
        assert [source.startswith(f"policies/{year}年中央一号文件") for source in named.sources] == [True] * there
        assert named.missing == ("" if there else f"{year}年一号文件")
