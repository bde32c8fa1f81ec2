"""The graph of repeals over a knowledge base, status on a day, and front matter against text."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.stated.merge import Conflict, merged
from ingest.stated.particulars import particulars
from ingest.stated.plain import Particular, title_form
from ingest.stated.validity import Known, Standing, resolve
from rag.types import DocumentMeta

TODAY = date(2025, 1, 1)


def known(source: str, text: str, **stated: object) -> Known:
    """A document as ingest knows it: its text read, its front matter put above what the text says."""
    found = particulars(text)
    title = next((p.value for p in found if p.key == "title"), source)
    meta, _ = merged(DocumentMeta(layer="政策规定", **stated), found, source)  # type: ignore[arg-type]
    return Known(source, title, meta, found)


def rule(title: str, number: str, ending: str, signed: str = "") -> str:
    return f"{title}\n{number}\n第一条 制定本办法。\n第二条 {ending}\n" + (
        f"中国人民银行\n{signed}\n" if signed else ""
    )


def standings(*documents: Known, today: date = TODAY) -> dict[str, Standing]:
    return {standing.source: standing for standing in resolve(documents, today)}


OLD = known("old", rule("示例办法", "银发〔2001〕1号", "本办法自2001年3月1日起施行。"))
NEW = known(
    "new",
    rule("新示例办法", "银发〔2020〕9号", "本办法自2020年5月1日起施行。《示例办法》（银发〔2001〕1号）同时废止。"),
)


def version(source: str, day: str, title: str = "示例办法", body: str = "中国人民银行") -> Known:
    year, month, date_ = day.split("-")
    ending = f"本办法自{year}年{int(month) + 1}月1日起施行。"
    signed = f"{body}\n{year}年{int(month)}月{int(date_)}日\n"
    return known(source, rule(title, f"银发〔{year}〕1号", ending) + signed)


class TestLaterWordings:
    def test_the_earlier_ends_where_the_later_begins(self) -> None:
        found = standings(version("old", "2014-04-02"), version("new", "2024-05-06"))
        assert (found["old"].status, found["old"].by, found["old"].ends) == ("已失效", "new", "2024-05-31")
        assert found["old"].because == "第二条 本办法自2024年6月1日起施行。"
        assert (found["old"].replaced_by, found["new"].replaces) == (("示例办法",), ("示例办法",))
        assert found["new"].status == "现行有效"

    def test_it_still_applies_until_then(self) -> None:
        found = standings(version("old", "2014-04-02"), version("new", "2024-05-06"), today=date(2024, 5, 31))
        assert (found["old"].status, found["new"].status) == ("现行有效", "尚未施行")

    @pytest.mark.parametrize(
        "other",
        [
            version("new", "2024-05-06", body="财政部"),
            version("new", "2024-05-06", title="示例办法（试行）"),
            version("new", "2014-04-02"),
        ],
    )
    def test_another_body_another_title_or_the_same_day(self, other: Known) -> None:
        assert standings(version("old", "2014-04-02"), other)["old"].status == "现行有效"

    def test_a_notice_of_the_same_name_is_another_notice(self) -> None:
        old, new = (
            version(name, day, "关于做好春耕备耕工作的通知") for name, day in (("a", "2014-04-02"), ("b", "2024-05-06"))
        )
        assert standings(old, new)["a"].status == "现行有效"


class TestRepeals:
    def test_who_why_and_since(self) -> None:
        found = standings(OLD, NEW)
        assert found["old"].status == "已废止"
        assert (found["old"].by, found["old"].since) == ("new", "2020-05-01")
        assert found["old"].because == "《示例办法》（银发〔2001〕1号）同时废止。"
        assert found["old"].replaced_by == ("新示例办法",)
        assert found["new"].status == "现行有效"
        assert found["new"].replaces == ("示例办法",)
        assert found["new"].because == "第二条 本办法自2020年5月1日起施行。"

    def test_not_before_the_new_text_is_in_force(self) -> None:
        found = standings(OLD, NEW, today=date(2020, 4, 30))
        assert (found["old"].status, found["new"].status) == ("现行有效", "尚未施行")

    def test_a_repealed_repealer_does_not_bring_back_the_dead(self) -> None:
        third = known(
            "third", rule("第三办法", "银发〔2023〕2号", "本办法自2023年1月1日起施行。《新示例办法》同时废止。")
        )
        found = standings(OLD, NEW, third)
        assert (found["old"].status, found["new"].status, found["third"].status) == ("已废止", "已废止", "现行有效")

    def test_the_new_text_of_the_same_title_stays_alive(self) -> None:
        """FP marks it expired."""
        again = known("again", rule("示例办法", "银发〔2024〕5号", "本办法自2024年5月1日起施行，原办法同时废止。"))
        found = standings(OLD, again)
        assert (found["old"].status, found["again"].status) == ("已废止", "现行有效")
        assert found["old"].by == "again"

    def test_alone_it_kills_nobody(self) -> None:
        again = known("again", rule("示例办法", "银发〔2024〕5号", "本办法自2024年5月1日起施行，原办法同时废止。"))
        assert standings(again)["again"].status == "现行有效"

    def test_two_copies_of_one_text_do_not_kill_each_other(self) -> None:
        text = rule("示例办法", "银发〔2024〕5号", "本办法自2024年5月1日起施行，原办法同时废止。")
        found = standings(known("one", text), known("two", text))
        assert {standing.status for standing in found.values()} == {"现行有效"}

    def test_a_trial_text_is_another_text(self) -> None:
        trial = known("trial", rule("示例办法（试行）", "银发〔2012〕1号", "本办法自2012年1月1日起施行。"))
        final = known("final", rule("示例办法", "银发〔2015〕1号", "本办法自2015年1月1日起施行。"))
        killer = known(
            "killer", rule("某办法", "银发〔2020〕1号", "本办法自2020年1月1日起施行。《示例办法（试行）》同时废止。")
        )
        found = standings(trial, final, killer)
        assert (found["trial"].status, found["final"].status) == ("已废止", "现行有效")

    def test_a_newer_text_of_the_repealed_title_is_not_meant(self) -> None:
        newer = known("newer", rule("示例办法", "银发〔2023〕7号", "本办法自2023年7月1日起施行。"))
        killer = known(
            "killer", rule("某办法", "银发〔2020〕1号", "本办法自2020年1月1日起施行。《示例办法》同时废止。")
        )
        found = standings(OLD, newer, killer)
        assert (found["old"].status, found["newer"].status) == ("已废止", "现行有效")

    def test_the_number_decides_between_namesakes(self) -> None:
        other = known("other", rule("示例办法", "财金〔2001〕8号", "本办法自2001年8月1日起施行。"))
        found = standings(OLD, other, NEW)
        assert (found["old"].status, found["other"].status) == ("已废止", "现行有效")

    def test_a_notice_that_issued_it_is_repealed(self) -> None:
        killer = known(
            "killer",
            rule(
                "某办法",
                "银发〔2020〕1号",
                "本办法自2020年1月1日起施行。《中国人民银行关于印发〈示例办法〉的通知》同时废止。",
            ),
        )
        assert standings(OLD, killer)["old"].status == "已废止"

    def test_another_province_s_notice_is_not_meant(self) -> None:
        ours = known(
            "ours", "四川省人民政府办公厅关于支持示例的意见\n川办发〔2015〕1号\n各市：\n本意见自2015年1月1日起施行。\n"
        )
        killer = known(
            "killer",
            rule(
                "某办法",
                "豫政办〔2020〕1号",
                "本办法自2020年1月1日起施行。《河南省人民政府办公厅关于支持示例的意见》同时废止。",
            ),
        )
        assert standings(ours, killer)["ours"].status == "现行有效"

    def test_change_and_partial_repeal(self) -> None:
        changer = known(
            "changer",
            rule(
                "某决定",
                "银发〔2010〕3号",
                "《示例办法》（银发〔2001〕1号）第五条同时废止，本决定自2010年1月1日起施行。",
            ),
        )
        found = standings(OLD, changer)["old"]
        assert (found.status, found.by, found.since) == ("已修改", "changer", "2010-01-01")

    def test_the_order_of_the_documents_does_not_matter(self) -> None:
        assert standings(OLD, NEW) == standings(NEW, OLD)


class TestPeriods:
    def test_expired(self) -> None:
        text = rule("期限办法", "银发〔2018〕1号", "本办法自2018年1月1日起施行，有效期3年。")
        found = standings(known("a", text))["a"]
        assert (found.status, found.since, found.ends) == ("已失效", "2021-01-01", "2020-12-31")
        assert "有效期3年" in found.because
        assert standings(known("a", text), today=date(2020, 12, 31))["a"].status == "现行有效"

    def test_nothing_known(self) -> None:
        assert standings(known("a", "# 笔记\n\n正文。\n"))["a"].status == ""
        assert standings(known("a", "# 笔记\n\n正文。\n", status="待核"))["a"].status == "待核"

    def test_unchecked_stays_unchecked_until_something_is_against_it(self) -> None:
        unchecked = Known(OLD.source, OLD.title, replace(OLD.meta, status="待核"), OLD.found)
        assert standings(unchecked)["old"].status == "待核"
        assert standings(unchecked, NEW)["old"].status == "已废止"


class TestFrontMatter:
    def test_it_wins_and_the_contradiction_is_told(self) -> None:
        stated = Known(OLD.source, OLD.title, replace(OLD.meta, status="现行有效"), OLD.found)
        found = standings(stated, NEW)["old"]
        assert found.status == "现行有效"
        assert found.conflicts == (
            Conflict("old", "status", "现行有效", "已废止", "《示例办法》（银发〔2001〕1号）同时废止。"),
        )

    def test_a_replaced_text_may_be_called_expired(self) -> None:
        stated = Known(OLD.source, OLD.title, replace(OLD.meta, status="已失效"), OLD.found)
        found = standings(stated, NEW)["old"]
        assert (found.status, found.by, found.conflicts) == ("已失效", "new", ())

    @pytest.mark.parametrize(
        ("key", "stated", "value", "agrees"),
        [
            ("issued", "2024-02", "2024-02-06", True),
            ("issued", "2024", "2024-02-06", True),
            ("issued", "2024-02-07", "2024-02-06", False),
            ("doc_number", "财金(2023)75号", "财金〔2023〕75号", True),
            ("doc_number", "财金〔2023〕76号", "财金〔2023〕75号", False),
            ("issuer", ("人民银行",), "中国人民银行", True),
            ("issuer", ("央行", "金融监管总局"), "国家金融监督管理总局", True),
            ("issuer", ("中国人民银行等八部门",), "中国人民银行", True),
            ("issuer", ("财政部",), "中国人民银行", False),
            ("status", "待核", "已废止", True),
            ("status", "现行有效", "已废止", False),
        ],
    )
    def test_agreement(self, key: str, stated: object, value: str, agrees: bool) -> None:
        meta = DocumentMeta(**{key: stated})  # type: ignore[arg-type]
        kept, conflicts = merged(meta, [Particular(key, value, 0, 1, "证")], "a")
        assert getattr(kept, key) == stated
        assert (conflicts == ()) == agrees

    def test_empty_fields_are_filled(self) -> None:
        assert OLD.meta.doc_number == "银发〔2001〕1号"
        assert OLD.meta.effective == "2001-03-01"
        assert NEW.meta.replaces == ("示例办法",)


def test_title_forms() -> None:
    assert title_form("《中华人民共和国商业银行法》") == title_form("商业银行法")
    assert title_form("示例办法（试行）") == title_form("示例办法(试行)") != title_form("示例办法")


def test_what_front_matter_replaces_is_linked_and_not_dead() -> None:
    heir = known("heir", "# 新通知\n\n正文。\n", replaces=("银发〔2001〕1号",), published="2024-01-01")
    found = standings(OLD, heir)
    assert found["old"].replaced_by == ("新通知",)
    assert found["old"].status == "现行有效"
