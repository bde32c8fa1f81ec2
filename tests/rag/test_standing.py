"""What was in force when, and which question asks for it."""

import pytest

from rag.address import NameIndex
from rag.standing import applied, asked_moment, in_force, on_day, replaced_among, successors
from rag.types import DocumentMeta, Filters

OLD = DocumentMeta(
    layer="行政法规", effective="2010-03-01", ended="2017-10-01", status="已废止", replaced_by=("担保条例",)
)
NEW = DocumentMeta(layer="行政法规", effective="2017-10-01", status="现行有效", doc_number="国务院令第683号")
TRIAL = DocumentMeta(layer="政策规定", issued="2020-05", expires="2022-12-31")
PAPER = DocumentMeta(layer="论文观点", issued="2020-01-01")
METAS = {"旧.md": OLD, "新.md": NEW, "试点.md": TRIAL, "论文.md": PAPER, "无.md": DocumentMeta(layer="政策规定")}
TITLES = {"旧.md": "担保暂行办法", "新.md": "担保条例", "试点.md": "试点通知", "论文.md": "论文", "无.md": "无日期通知"}
NAMES = NameIndex(TITLES, METAS)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2021年时适用哪个规定", "2021-01-01", "2021-12-31"),
        ("2021年时,融资担保适用哪个规定?", "2021-01-01", "2021-12-31"),
        ("2016年那会儿担保公司按哪个办法管", "2016-01-01", "2016-12-31"),
        ("截至2020年6月30日有效的农业保险规定是哪个", "2020-06-30", "2020-06-30"),
        ("2019年底执行的是什么标准", "2019-12-31", "2019-12-31"),
        ("2018年2月适用的是哪部条例", "2018-02-01", "2018-02-28"),
        ("2015年的时候贷款依据什么文件", "2015-01-01", "2015-12-31"),
    ],
)
def test_a_moment_that_is_asked_for(question: str, first: str, last: str) -> None:
    moment = asked_moment(question)
    assert moment is not None
    assert (moment.first, moment.last) == (first, last)


@pytest.mark.parametrize(
    "question",
    [
        "2021年末县域贷款余额是多少",
        "2021年发布了哪些文件",
        "2021年施行的是哪个条例",
        "现在适用哪个规定",
        "2017年10月1日起施行的是哪个条例",
        "到2025年要达到什么目标",
        "2020年13月适用哪个规定",
        "2021年2月30日有效的是哪个规定",
        "2024年按揭贷款有什么政策",
        "《关于2024年1月24日会议的通知》适用于哪些机构",
    ],
)
def test_other_questions_with_a_year(question: str) -> None:
    assert asked_moment(question) is None


@pytest.mark.parametrize(
    ("meta", "first", "last", "stands"),
    [
        (OLD, "2016-01-01", "2016-12-31", True),
        (OLD, "2017-01-01", "2017-12-31", True),
        (OLD, "2018-01-01", "2018-12-31", False),
        (OLD, "2009-01-01", "2009-12-31", False),
        (NEW, "2017-01-01", "2017-12-31", True),
        (NEW, "2017-09-30", "2017-09-30", False),
        (TRIAL, "2020-06-01", "2020-06-30", True),
        (TRIAL, "2020-04-01", "2020-04-30", False),
        (TRIAL, "2023-01-01", "2023-12-31", False),
        (DocumentMeta(status="已废止", effective="2010-01-01"), "2012-01-01", "2012-12-31", None),
        (DocumentMeta(), "2012-01-01", "2012-12-31", None),
    ],
)
def test_in_force(meta: DocumentMeta, first: str, last: str, stands: bool | None) -> None:
    assert in_force(meta, first, last) is stands


@pytest.mark.parametrize(
    ("recorded", "day", "status"),
    [
        (DocumentMeta(status="尚未施行", effective="2026-07-01"), "2026-06-30", "尚未施行"),
        (DocumentMeta(status="尚未施行", effective="2026-07-01"), "2026-07-01", "现行有效"),
        (DocumentMeta(status="尚未施行", effective="2026-07"), "2026-07-01", "现行有效"),
        (DocumentMeta(status="尚未施行", effective="2026-07-01", expires="2026-12-31"), "2027-01-01", "已失效"),
        (DocumentMeta(status="尚未施行"), "2027-01-01", "尚未施行"),
        (DocumentMeta(status="现行有效", expires="2026"), "2026-12-31", "现行有效"),
        (DocumentMeta(status="现行有效", expires="2026"), "2027-01-01", "已失效"),
        (DocumentMeta(status="现行有效", ended="2026-06-30"), "2026-06-30", "现行有效"),
        (DocumentMeta(status="已修改", ended="2026-06-30"), "2026-07-01", "已废止"),
        (DocumentMeta(status="已废止", expires="2020-01-01"), "2026-07-01", "已废止"),
        (DocumentMeta(status="待核"), "2026-07-01", "待核"),
        (DocumentMeta(), "2026-07-01", ""),
        (DocumentMeta(effective="2026-07-02"), "2026-07-01", "尚未施行"),
    ],
)
def test_the_status_of_a_day(recorded: DocumentMeta, day: str, status: str) -> None:
    assert on_day(recorded, day).status == status


def test_only_binding_texts_of_the_time_pass() -> None:
    moment = asked_moment("2021年时适用哪个规定")
    assert moment is not None
    assert applied(METAS, moment, Filters(regions=("全国",))) == Filters(
        regions=("全国",), sources=("新.md", "试点.md")
    )
    assert applied(METAS, moment, Filters(sources=("旧.md", "新.md"))).sources == ("新.md",)


def test_a_dead_text_gives_way_to_its_successor_only() -> None:
    assert successors(METAS, NAMES, "旧.md") == {"新.md"}
    assert replaced_among({"旧.md", "新.md", "试点.md"}, METAS, NAMES) == {"旧.md"}
    assert replaced_among({"旧.md", "试点.md"}, METAS, NAMES) == set()


def test_successors_by_number_and_in_turn() -> None:
    metas = METAS | {
        "更旧.md": DocumentMeta(status="已废止", replaced_by=("担保暂行办法",)),
        "另.md": DocumentMeta(status="已废止", replaced_by=("国务院令第683号",)),
        "圈.md": DocumentMeta(status="已废止", replaced_by=("圈",)),
    }
    names = NameIndex(TITLES | {"更旧.md": "更旧办法", "另.md": "另一办法", "圈.md": "圈"}, metas)
    assert successors(metas, names, "更旧.md") == {"旧.md", "新.md"}
    assert successors(metas, names, "另.md") == {"新.md"}
    assert successors(metas, names, "圈.md") == set()
