"""Copies, drafts and reprints step back; versions and other policies stay."""

from ingest.duplicates import without_duplicates
from rag.types import Document, DocumentMeta

CLAUSES = [f"第{n}条 贷款余额不得超过净资产的百分之{n * 3}，期限不超过{n}年。" for n in range(1, 30)]
TEXT = "\n".join(CLAUSES)
PASSED = DocumentMeta(layer="政策规定", doc_number="银发〔2024〕7号", effective="2024-05-01")


def document(
    source: str, text: str = TEXT, title: str = "贷款管理办法", meta: DocumentMeta = DocumentMeta()
) -> Document:
    return Document(source, title, text, meta)


def standing(*documents: Document) -> list[str]:
    kept, _ = without_duplicates(documents)
    return [d.source for d in kept]


def test_the_same_content_is_one_document_with_both_names() -> None:
    copies = [
        document("a/办法.txt"),
        document("b/随便.pdf", TEXT.replace("\n", "\n\n"), "随便"),
        document("c.txt", "另一篇。", "另"),
    ]
    (first, other), behind = without_duplicates(copies)
    assert (first.source, first.meta.names, other.source) == ("a/办法.txt", ("b/随便.pdf",), "c.txt")
    assert behind == {"b/随便.pdf": "a/办法.txt"}


def test_the_copy_with_more_known_about_it_stands() -> None:
    assert standing(document("b.txt"), document("a.txt", meta=PASSED)) == ["a.txt"]


def test_a_reprint_with_slips_steps_back() -> None:
    reprint = document("转载.html", "来源：某网站\n" + TEXT.replace("第5条", "第 五条"), "《贷款管理办法》（转载）")
    assert standing(reprint, document("办法.pdf", meta=PASSED)) == ["办法.pdf"]


def test_a_notice_that_encloses_the_policy_is_the_policy() -> None:
    notice = document(
        "通知.pdf", "各银行：\n现印发给你们。\n" + TEXT, "中国人民银行关于印发《贷款管理办法》的通知", PASSED
    )
    assert standing(document("办法.txt"), notice) == ["通知.pdf"]


def test_a_draft_steps_back_behind_what_was_passed() -> None:
    draft = document("办法-草案.docx", "\n".join(CLAUSES[:20]), "贷款管理办法（征求意见稿）")
    passed = document("办法.pdf", "\n".join(CLAUSES[3:]), meta=PASSED)
    assert standing(draft, passed) == ["办法.pdf"]
    assert standing(draft) == [draft.source]


def test_versions_of_other_numbers_or_dates_stay() -> None:
    old = document(
        "2014.pdf", meta=DocumentMeta(layer="政策规定", doc_number="银发〔2014〕7号", effective="2014-05-01")
    )
    new = document("2024.pdf", TEXT + "\n附则。", meta=PASSED)
    undated = document("旧.pdf", TEXT + "\n附录。", meta=DocumentMeta(layer="政策规定", effective="2014-05-01"))
    assert standing(old, new) == ["2014.pdf", "2024.pdf"]
    assert standing(undated, new) == ["旧.pdf", "2024.pdf"]


def test_one_title_over_other_words_stays() -> None:
    other = document("乙.txt", "\n".join(f"第{n}条 保险机构应当在{n}日内赔付。" for n in range(1, 30)))
    assert standing(document("甲.txt"), other) == ["甲.txt", "乙.txt"]


def test_other_titles_stay_however_alike() -> None:
    pair = [document("甲.txt", title="2023年县域公报"), document("乙.txt", TEXT + "完。", title="2024年县域公报")]
    assert standing(*pair) == ["甲.txt", "乙.txt"]


def test_a_digest_in_another_layer_stays() -> None:
    digest = document("要点.md", TEXT + "\n要点。", meta=DocumentMeta(layer="数据案例"))
    assert standing(digest, document("办法.pdf", meta=PASSED)) == ["要点.md", "办法.pdf"]


def test_three_names_have_one_front() -> None:
    kept, behind = without_duplicates(
        [
            document("a.txt"),
            document("b.txt"),
            document("草案.txt", TEXT + "附", "贷款管理办法（草案）"),
            document("z.pdf", meta=PASSED),
        ]
    )
    assert [(d.source, d.meta.names) for d in kept] == [("z.pdf", ("a.txt", "b.txt", "草案.txt"))]
    assert set(behind.values()) == {"z.pdf"}


def test_one_number_under_two_titles_is_one_policy() -> None:
    scan = document("扫描件.pdf", TEXT + "\n1", "扫描件0001", PASSED)
    assert standing(scan, document("办法.docx", TEXT + "\n附件略", meta=PASSED)) == ["办法.docx"]


def test_an_annex_of_the_same_number_stays() -> None:
    annex = document(
        "附件.docx", "\n".join(f"{n}. 申请表第{n}栏填写单位名称。" for n in range(1, 30)), "申请表", PASSED
    )
    assert standing(annex, document("办法.docx", meta=PASSED)) == ["附件.docx", "办法.docx"]


class TestDigests:
    """A digest of ours, known by its `basis`, and the full text that someone adds."""

    DIGEST = document(
        "要点.md",
        "要点整理。\n第三条规定，余额不超过净资产的9%。",
        meta=DocumentMeta(
            layer="部门规章", doc_number="银发〔2024〕7号", effective="2024-05-01", status="待核", basis="全文"
        ),
    )
    FULL = document("全文.pdf", meta=DocumentMeta(issuer=("中国人民银行",), effective="2024-05-01"))

    def test_the_full_text_stands_with_what_the_digest_records(self) -> None:
        (kept,), behind = without_duplicates([self.DIGEST, self.FULL])
        assert behind == {"要点.md": "全文.pdf"}
        assert kept.text == TEXT
        assert kept.meta == DocumentMeta(
            layer="部门规章",
            doc_number="银发〔2024〕7号",
            issuer=("中国人民银行",),
            effective="2024-05-01",
            status="待核",
            names=("要点.md",),
        )

    def test_nothing_ties_them_but_the_title(self) -> None:
        undated = document("全文.pdf", meta=DocumentMeta(issuer=("中国人民银行",)))
        assert standing(self.DIGEST, undated) == ["要点.md", "全文.pdf"]

    def test_another_version(self) -> None:
        old = document("2014.pdf", meta=DocumentMeta(doc_number="银发〔2024〕7号", effective="2014-05-01"))
        assert standing(self.DIGEST, old) == ["要点.md", "2014.pdf"]

    def test_an_amended_law_keeps_its_first_day(self) -> None:
        meta = DocumentMeta(layer="法律", issued="2018-12-29", effective="2019-01-01", basis="全文")
        law = document("全文.pdf", meta=DocumentMeta(layer="法律", issued="2018-12-29", effective="2003-03-01"))
        assert standing(document("要点.md", "要点。", meta=meta), law) == ["全文.pdf"]

    def test_what_is_shorter_is_no_full_text(self) -> None:
        news = document("报道.html", "自2024年5月1日起施行。", meta=PASSED)
        assert standing(self.DIGEST, news) == ["要点.md", "报道.html"]

    def test_an_issuer_before_the_title(self) -> None:
        whole = document("全文.pdf", title="中国人民银行贷款管理办法", meta=PASSED)
        assert standing(self.DIGEST, whole) == ["全文.pdf"]

    def test_an_annex_stays(self) -> None:
        annex = document("附件.docx", "\n".join(f"{n}. 申请表第{n}栏。" for n in range(1, 30)), "申请表", PASSED)
        assert standing(self.DIGEST, annex) == ["要点.md", "附件.docx"]
