"""What a text says of itself: hand-made hard cases, the laws of ../shared, the shipped kb/policies."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.stated.dates import after, iso, last_day
from ingest.stated.issuers import leading, official_name, only_bodies
from ingest.stated.merge import merged
from ingest.stated.numbers import canonical, number_key
from ingest.stated.particulars import Particular, particulars
from ingest.stated.places import region_of, region_of_number
from rag.types import DocumentMeta
from tests.conftest import ROOT


def said(text: str, key: str) -> list[str]:
    """The values of a key; every proof is checked on the way."""
    found = particulars(text)
    for particular in found:
        assert text[particular.start : particular.end] == particular.sentence
        assert particular.sentence.strip()
    return [particular.value for particular in found if particular.key == key]


def deeds(text: str, key: str = "repeals") -> list[tuple[str, str, str]]:
    return [(p.value, p.number, p.detail) for p in particulars(text) if p.key == key]


def rule(ending: str, title: str = "示例管理办法", head: str = "") -> str:
    return f"{title}\n{head}\n第一条 为了规范示例，根据《示例法》（银发〔2016〕1号），制定本办法。\n第九条 {ending}\n"


class TestNumbers:
    @pytest.mark.parametrize(
        ("printed", "kept"),
        [
            ("银发〔2024〕23号", "银发〔2024〕23号"),
            ("银发[2024]23号", "银发〔2024〕23号"),
            ("银发［2024］23号", "银发〔2024〕23号"),
            ("银发（2024）23号", "银发〔2024〕23号"),
            ("银发【2024】23号", "银发〔2024〕23号"),
            ("银发〈2024〉23号", "银发〔2024〕23号"),
            ("银发 〔２０２４〕 ２３ 号", "银发〔2024〕23号"),
            ("国办函〔2023〕9号", "国办函〔2023〕9号"),
            ("财税〔2024〕23号", "财税〔2024〕23号"),
            ("财金〔2023〕75号", "财金〔2023〕75号"),
            ("金规〔2024〕13号", "金规〔2024〕13号"),
            ("豫政办〔2024〕5号", "豫政办〔2024〕5号"),
            ("中国人民银行公告〔2024〕第5号", "中国人民银行公告〔2024〕第5号"),
            ("中国银保监会令2021年第14号", "中国银保监会令2021年第14号"),
            ("中国人民银行令〔2021〕第4号", "中国人民银行令〔2021〕第4号"),
            ("中华人民共和国国务院令第683号", "国务院令第683号"),
            ("中华人民共和国国务院令\n第683号", "国务院令第683号"),
            ("中华人民共和国主席令\n第十三号", "主席令第十三号"),
            ("中华人民共和国主席令（第十三号）", "主席令第十三号"),
            ("国家金融监督管理总局令2023年第4号", "国家金融监督管理总局令2023年第4号"),
            ("文号：银发〔2024〕23号", "银发〔2024〕23号"),
            ("中国人民银行文件　银发〔2024〕23号", "银发〔2024〕23号"),
        ],
    )
    def test_a_number_on_a_line_of_the_head(self, printed: str, kept: str) -> None:
        assert said(rule("本办法自2024年5月1日起施行。", head=printed), "doc_number") == [kept]

    @pytest.mark.parametrize(
        "sentence",
        [
            "根据《关于示例的通知》（银发〔2016〕1号），制定本办法。",
            "按照国发〔2015〕45号文件要求办理。",
            "《旧办法》（国务院令第171号）同时废止。",
        ],
    )
    def test_the_number_of_another_text_is_not_its_own(self, sentence: str) -> None:
        assert said(rule(sentence), "doc_number") == []

    def test_behind_its_own_title(self) -> None:
        assert said("# 示例管理办法\n\n《示例管理办法》（财金〔2023〕75号）第一条规定……\n", "doc_number") == [
            "财金〔2023〕75号"
        ]
        assert said("# 示例管理办法（财金〔2023〕75号）\n\n正文。\n", "doc_number") == ["财金〔2023〕75号"]
        assert said("# 示例管理办法（财金〔2023〕75号）\n\n正文。\n", "title") == ["示例管理办法"]

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("中国银保监会令2021年第14号", "中国银行保险监督管理委员会令〔2021〕第14号", True),
            ("中国银监会2010年第3号令", "中国银行业监督管理委员会令2010年第3号", True),
            ("主席令第七十七号", "中华人民共和国主席令第77号", True),
            ("财金(2023)75号", "财金〔2023〕75号", True),
            ("财政部令第96号", "国家税务总局令第96号", False),
            ("银发〔2024〕23号", "银办发〔2024〕23号", False),
        ],
    )
    def test_keys(self, one: str, other: str, same: bool) -> None:
        assert (number_key(canonical(one)) == number_key(canonical(other))) == same

    @given(st.text(max_size=40))
    def test_any_text_has_a_form_or_none(self, text: str) -> None:
        assert canonical(canonical(text)) == canonical(text)


class TestDates:
    @pytest.mark.parametrize(
        "printed",
        ["2017年10月1日", "2017 年 10 月 1 日", "二〇一七年十月一日", "二○一七年十月一日", "2017.10.1", "2017-10-01"],
    )
    def test_forms(self, printed: str) -> None:
        assert said(rule(f"本办法自{printed}起施行。"), "effective") == ["2017-10-01"]

    def test_days_that_no_calendar_has(self) -> None:
        assert iso("2023年2月30日") == iso("2017年13月1日") == ""
        assert said(rule("本办法自2023年2月30日起施行。"), "effective") == []

    def test_periods(self) -> None:
        assert last_day("2021-01-01", "5年") == "2025-12-31"
        assert last_day("2024-02-29", "一年") == "2025-02-27"
        assert after("2024-01-31", "1个月") == "2024-02-29"
        assert after("2021-06-04", "30日") == "2021-07-04"

    def test_history(self) -> None:
        text = (
            "农业保险条例\n（2012年11月12日中华人民共和国国务院令第629号公布　根据2016年2月6日"
            "《国务院关于修改部分行政法规的决定》修订）\n第一条 制定本条例。\n"
        )
        assert said(text, "issued") == ["2016-02-06"]
        assert said(text, "published") == ["2012-11-12"]
        assert said(text, "doc_number") == ["国务院令第629号"]

    def test_amended_law_is_of_the_day_of_its_last_amendment(self) -> None:
        text = (
            "中华人民共和国商业银行法\n（1995年5月10日第八届全国人民代表大会常务委员会第十三次会议通过　"
            "根据2003年12月27日第十届全国人民代表大会常务委员会第六次会议"
            "《关于修改〈中华人民共和国商业银行法〉的决定》第一次修正　"
            "根据2015年8月29日第十二届全国人民代表大会常务委员会第十六次会议《关于修改〈中华人民共和国商业银行法〉的决定》第二次修正）\n"
            "第一条 为了保护存款人，制定本法。\n第九十五条 本法自1995年7月1日起施行。\n"
        )
        assert said(text, "issued") == ["2015-08-29"]
        assert said(text, "effective") == ["1995-07-01"]
        assert said(text, "issuer") == ["全国人民代表大会常务委员会"]
        assert deeds(text, "amends") == []

    def test_signature(self) -> None:
        text = (
            "关于示例的通知\n银发〔2024〕3号\n各分行：\n一、正文提到2020年1月1日。\n附件：表\n\n中国人民银行　财政部\n"
            "国家金融监督管理总局\n二〇二四年二月六日\n\n附件\n表\n填表人\n2025年1月1日\n"
        )
        assert said(text, "issued") == ["2024-02-06"]
        assert said(text, "issuer") == ["中国人民银行", "财政部", "国家金融监督管理总局"]

    def test_a_date_in_the_body_is_not_its_own(self) -> None:
        assert (
            said("# 笔记\n\n2020年1月1日，某银行发布公告。\n\n- 2021年3月2日公布的数据显示增长。\n", "published") == []
        )


class TestTitlesAndIssuers:
    def test_a_title_in_two_lines_below_its_issuers(self) -> None:
        text = "中国人民银行　财政部\n关于进一步做好县域金融服务\n有关工作的通知\n各分行：\n正文。\n"
        assert said(text, "title") == ["中国人民银行财政部关于进一步做好县域金融服务有关工作的通知"]
        assert said(text, "issuer") == ["中国人民银行", "财政部"]

    def test_an_order_gives_the_title_of_what_it_publishes(self) -> None:
        text = (
            "中国人民银行 中国银行保险监督管理委员会令\n〔2021〕第4号\n《示例规定（试行）》已经2021年9月18日"
            "中国人民银行2021年第6次行务会议审议通过，现予发布，自2021年12月1日起施行。\n"
            "中国人民银行行长 易纲\n2021年9月30日\n\n"
            "示例规定（试行）\n第一条 制定本规定。\n"
        )
        assert said(text, "title") == ["示例规定（试行）"]
        assert said(text, "issued") == ["2021-09-18"]
        assert said(text, "published") == ["2021-09-30"]
        assert said(text, "effective") == ["2021-12-01"]
        assert said(text, "issuer") == ["中国人民银行", "中国银行保险监督管理委员会"]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("人民银行", "中国人民银行"),
            ("央行", "中国人民银行"),
            ("金融监管总局", "国家金融监督管理总局"),
            ("金融监管总局办公厅", "国家金融监督管理总局办公厅"),
            ("银保监会", "中国银行保险监督管理委员会"),
            ("浙江省人大常委会", "浙江省人民代表大会常务委员会"),
            ("某某协会", "某某协会"),
        ],
    )
    def test_one_name_a_body(self, name: str, kept: str) -> None:
        assert official_name(name) == kept

    def test_lines_of_bodies(self) -> None:
        assert only_bodies("浙江省财政厅浙江省农业农村厅文件") == ("浙江省财政厅", "浙江省农业农村厅")
        assert only_bodies("中共中央国务院") == ("中共中央", "国务院")
        assert only_bodies("国务院银行业监督管理机构") == ()
        assert leading("国务院办公厅转发财政部文件")[0] == ("国务院办公厅",)

    @pytest.mark.parametrize(
        ("text", "region"),
        [
            ("四川省人民政府办公厅关于示例的意见\n川办发〔2011〕35号\n各市：\n正文。\n", "四川"),
            ("关于示例的通知\n豫政办〔2024〕5号\n各市：\n正文。\n", "河南"),
            ("湖州市绿色金融促进条例\n第一条 制定本条例。\n", "浙江"),
            ("国务院关于示例的意见\n国发〔2023〕15号\n各省：\n正文。\n", "全国"),
            ("中国人民银行杭州中心支行关于示例的通知\n各行：\n正文。\n", "浙江"),
        ],
    )
    def test_regions(self, text: str, region: str) -> None:
        assert said(text, "region") == [region]

    def test_places(self) -> None:
        assert region_of("吉林省吉林市") == "吉林"
        assert region_of("海南省") == "海南"
        assert region_of("国务院") == region_of_number("银发〔2024〕1号") == ""

    def test_printed_labels(self) -> None:
        text = (
            "| 发文字号 | 豫政办[2024]5号 |\n|---|---|\n| 发布机构 | 河南省人民政府办公厅 |\n"
            "| 成文日期 | 2024-02-01 |\n"
            "| 发布日期 | 2024年02月08日 |\n| 时效性 | 已废止 |\n\n# 关于示例的通知\n各市：\n正文。\n"
        )
        assert said(text, "doc_number") == ["豫政办〔2024〕5号"]
        assert said(text, "issuer") == ["河南省人民政府办公厅"]
        assert said(text, "issued") + said(text, "published") == ["2024-02-01", "2024-02-08"]
        assert said(text, "status") == ["已废止"]


class TestEffect:
    @pytest.mark.parametrize(
        "ending",
        [
            "本办法自2024年5月1日起施行。",
            "本办法由人民银行负责解释，自2024年5月1日起实施。",
            "本办法从2024年5月1日起执行。",
            "本办法于2024年5月1日起生效。",
            "本办法自2024年5月1日起施行，原办法同时废止。",
            "《旧办法》同时废止，本办法自2024年5月1日起施行。",
            "本 办 法 自 2024 年 5 月\n1 日 起 施\n行。",
            "本办法所称县域包括县级市。本办法自2024年5月1日起正式施行。",
        ],
    )
    def test_stated(self, ending: str) -> None:
        assert said(rule(ending), "effective") == ["2024-05-01"]

    @pytest.mark.parametrize(
        "ending",
        [
            "《旧办法》自2020年1月1日起施行。",
            "本办法第五条自2020年1月1日起施行。",
            "《旧办法》自2020年1月1日起施行以来，成效明显。",
            "某省《细则》（2025年4月22日印发，自2025年6月1日起施行）以本办法为依据。",
            "本办法自公布之日起施行。",
        ],
    )
    def test_not_its_own_or_without_a_day(self, ending: str) -> None:
        assert said(rule(ending), "effective") == []

    def test_from_the_day_of_issue_with_both_proofs(self) -> None:
        text = rule("本办法自印发之日起施行，有效期5年。\n中国人民银行\n2024年2月6日")
        (effective,) = (p for p in particulars(text) if p.key == "effective")
        assert effective.value == "2024-02-06"
        assert [text[start:end] for start, end in effective.also] == ["2024年2月6日"]
        assert said(text, "expires") == ["2029-02-05"]

    def test_from_the_day_that_front_matter_states(self) -> None:
        found = particulars(rule("本办法自公布之日起满30日后施行。"), {"published": "2021-06-04"})
        (effective,) = (p for p in found if p.key == "effective")
        assert (effective.value, effective.also) == ("2021-07-04", ())
        assert effective.sentence.endswith("本办法自公布之日起满30日后施行。")

    def test_adoption_is_not_publication(self) -> None:
        found = particulars(rule("本办法自公布之日起施行。"), {"issued": "2021-06-04"})
        assert not [p for p in found if p.key == "effective"]

    def test_days_after_publication(self) -> None:
        assert said(rule("本办法自发布之日起30日后施行。\n中国人民银行\n2021年6月4日"), "effective") == ["2021-07-04"]

    @pytest.mark.parametrize(
        ("ending", "expires"),
        [
            ("本办法自2021年1月1日起施行，有效期5年。", ["2025-12-31"]),
            ("本办法自2021年1月1日起施行，有效期为三年。", ["2023-12-31"]),
            ("本办法自2021年1月1日起施行，有效期至2027年12月31日。", ["2027-12-31"]),
            ("本办法自2021年1月1日起施行。本办法有效期限为2年。", ["2022-12-31"]),
            ("本办法自2021年1月1日起试行，试行期两年。", ["2022-12-31"]),
            ("本办法执行至2027年12月31日。", ["2027-12-31"]),
            ("本办法自2024年1月1日至2026年12月31日执行。", ["2026-12-31"]),
            ("许可证有效期5年。本办法自2021年1月1日起施行。", []),
            ("在合同有效期内不得变更，本办法自2021年1月1日起施行。", []),
        ],
    )
    def test_end(self, ending: str, expires: list[str]) -> None:
        assert said(rule(ending), "expires") == expires

    def test_the_text_that_is_issued_counts_more_than_the_notice(self) -> None:
        text = (
            "关于印发《示例办法》的通知\n银发〔2024〕1号\n各行：\n本通知自印发之日起执行。\n中国人民银行\n2024年1月5日\n"
            "附件\n示例办法\n第一条 制定本办法。\n第二条 本办法自2024年3月1日起施行。\n"
        )
        assert said(text, "effective") == ["2024-03-01"]


class TestRepeals:
    @pytest.mark.parametrize(
        ("ending", "killed"),
        [
            ("本办法自2024年5月1日起施行，《旧办法》同时废止。", [("旧办法", "", "")]),
            (
                "本办法自2024年5月1日起施行。《甲办法》（银发〔2001〕1号）、《乙办法》同时废止。",
                [("甲办法", "银发〔2001〕1号", ""), ("乙办法", "", "")],
            ),
            ("本办法自2024年5月1日起施行。原《甲条例》（国务院令第171号）废止。", [("甲条例", "国务院令第171号", "")]),
            ("本办法施行后，银发〔2001〕1号文同时废止。", [("银发〔2001〕1号", "银发〔2001〕1号", "")]),
            ("自本办法施行之日起，《甲办法》停止执行。", [("甲办法", "", "")]),
            ("《甲办法》自本办法施行之日起废止。", [("甲办法", "", "")]),
            (
                "本办法自2024年5月1日起施行。1998年7月13日国务院令第247号发布的《甲办法》同时废止。",
                [("甲办法", "国务院令第247号", "")],
            ),
            (
                "本办法自2024年5月1日起施行，此前印发的《财政部关于印发〈甲办法〉的通知》（财农〔2021〕24号）同时废止。",
                [("财政部关于印发〈甲办法〉的通知", "财农〔2021〕24号", "")],
            ),
            ("本办法自2024年5月1日起施行，原办法同时废止。", [("示例管理办法", "", "原")]),
            (
                "本办法自2024年5月1日起施行。《示例管理办法（试行）》（银发〔2001〕1号）同时废止。",
                [("示例管理办法（试行）", "银发〔2001〕1号", "")],
            ),
            (
                "本办法自2024年5月1日起施行。2014年8月19日原国家工商行政管理总局令第71号公布的《甲规定》、"
                "2001年11月7日原中华人民共和国国家发展计划委员会令第15号发布的《乙规定》同时废止。",
                [("甲规定", "国家工商行政管理总局令第71号", ""), ("乙规定", "国家发展计划委员会令第15号", "")],
            ),
            (
                "本办法自2024年5月1日起施行。2008年5月27日发布的《示例管理办法》（公安部令第102号）和2012年9月12日发布的"
                "《公安部关于修改<示例管理办法>的决定》（公安部令第124号）同时废止。",
                [
                    ("示例管理办法", "公安部令第102号", ""),
                    ("公安部关于修改<示例管理办法>的决定", "公安部令第124号", ""),
                ],
            ),
            ("本办法自2024年5月1日起施行。1999年5月1日实施的《甲办法》同时废止。", [("甲办法", "", "")]),
            ("本办法施行后，原阳府〔2009〕21号文同时废止。", [("阳府〔2009〕21号", "阳府〔2009〕21号", "")]),
            ("根据《乙办法》制定的《甲办法》同时废止。", [("甲办法", "", "")]),
            ("此前发布的有关规定与本办法不一致的，以本办法为准。", []),
            ("与本办法不一致的，以本办法为准。《甲办法》废止前已办理的业务继续有效。", []),
            ("《甲办法》已于2019年废止。", []),
            ("《甲办法》被《乙办法》废止后，本办法适用。", []),
            ("本办法所称证件失效，是指超过期限。", []),
            ("《甲办法》同时\n废 止，本办法自2024年5月1日起施行。", [("甲办法", "", "")]),
        ],
    )
    def test_sentences(self, ending: str, killed: list[tuple[str, str, str]]) -> None:
        assert deeds(rule(ending)) == killed

    def test_the_new_text_is_not_dead(self) -> None:
        text = rule("本办法自2024年5月1日起施行，原办法同时废止。")
        assert said(text, "status") == []
        assert said(text, "effective") == ["2024-05-01"]

    def test_a_stated_day(self) -> None:
        (killed,) = (
            p for p in particulars(rule("《甲办法》自2025年1月1日起废止，本办法同时实施。")) if p.key == "repeals"
        )
        assert killed.since == "2025-01-01"

    def test_a_list(self) -> None:
        text = (
            "关于废止部分规范性文件的公告\n中国人民银行公告〔2020〕第5号\n现决定废止下列规范性文件：\n"
            "一、《关于甲事项的通知》（银发〔1998〕12号）\n二、《乙规定》\n本公告自发布之日起施行。\n中国人民银行\n2020年5月20日\n"
        )
        assert deeds(text) == [("关于甲事项的通知", "银发〔1998〕12号", ""), ("乙规定", "", "")]
        assert said(text, "effective") == ["2020-05-20"]

    def test_a_table(self) -> None:
        text = (
            "关于废止部分规范性文件的决定\n现将废止的规范性文件目录公布如下。\n附件：废止的文件目录\n"
            "| 序号 | 文件名称 | 文号 |\n"
            "|---|---|---|\n| 1 | 关于甲事项的通知 | 银发〔1998〕12号 |\n| 2 | 关于乙事项的通知 | 银发〔1999〕3号 |\n"
        )
        assert deeds(text) == [
            ("关于甲事项的通知", "银发〔1998〕12号", ""),
            ("关于乙事项的通知", "银发〔1999〕3号", ""),
        ]

    @pytest.mark.parametrize(
        ("ending", "changed"),
        [
            ("《甲办法》第五条、第六条同时废止，本办法自2024年5月1日起施行。", [("甲办法", "", "第五条、第六条")]),
            ("将《甲办法》（银发〔2001〕1号）第八条修改为：“新文”。", [("甲办法", "银发〔2001〕1号", "第八条")]),
        ],
    )
    def test_a_part_is_a_change(self, ending: str, changed: list[tuple[str, str, str]]) -> None:
        assert deeds(rule(ending), "amends") == changed
        assert deeds(rule(ending)) == []

    def test_a_decision(self) -> None:
        text = (
            "国务院关于修改《企业信息公示暂行条例》的决定\n国务院令第777号\n国务院决定对《企业信息公示暂行条例》作如下修改：\n"
            "一、将第八条修改为：“企业应当依照第九条报送。”\n二、第十七条增加一款，作为第二款。\n三、删去第十八条。\n"
            "本决定自2024年5月1日起施行。\n"
        )
        assert deeds(text, "amends") == [("企业信息公示暂行条例", "", "第八条、第十七条、第十八条")]
        assert deeds(text) == []


LAWS = {
    "2018_yihao_wenjian_fulltext": ("", "中共中央 国务院", "2018-01-02", "", ""),
    "law_shangye_yinhang_2015": ("", "全国人民代表大会常务委员会", "2015-08-29", "", "2015-10-01"),
    "law_xiangcun_zhenxing_cujinfa_2021": ("", "全国人民代表大会常务委员会", "2021-04-29", "", "2021-06-01"),
    "local_shandong_difang_jinrong_2016": ("", "山东省人民代表大会常务委员会", "2016-03-30", "", "2016-07-01"),
    "local_zhejiang_difang_jinrong_2020": ("", "浙江省人民代表大会常务委员会", "2020-05-15", "", "2020-08-01"),
    "reg_nongye_baoxian_tiaoli_2016": ("国务院令第629号", "国务院", "", "2012-11-12", "2013-03-01"),
    "reg_rongzi_danbao_tiaoli_2017": ("国务院令第683号", "国务院", "2017-06-21", "2017-08-02", "2017-10-01"),
    "reg_zhengxinye_2013": ("国务院令第631号", "国务院", "2012-12-26", "2013-01-21", "2013-03-15"),
}
"""Read by eye from each file: 文号, 机关, issued, published, effective; none of them repeals or amends another text."""


@pytest.mark.parametrize("name", LAWS)
def test_real_laws(shared: Path, name: str) -> None:
    text = (shared / "laws" / f"{name}.txt").read_text(encoding="utf-8")
    found = tuple(" ".join(said(text, key)) for key in ("doc_number", "issuer", "issued", "published", "effective"))
    assert found == LAWS[name]
    assert said(text, "repeals") == said(text, "amends") == said(text, "expires") == []


def kb_policies() -> list[tuple[str, dict[str, object], str]]:
    files = sorted((ROOT / "kb" / "policies").glob("*.md"))
    parts = [(path.name, path.read_text(encoding="utf-8").split("---\n", 2)) for path in files]
    return [(name, yaml.safe_load(front), body) for name, (_, front, body) in parts]


def test_nothing_is_found_against_the_front_matter_of_the_shipped_policies() -> None:
    """Precision over kb/policies: what is found of itself is what people wrote there; recall is in the counts below."""
    agreed: dict[str, int] = {}
    for name, front, body in kb_policies():
        known = {k: tuple(v) if isinstance(v, list) else str(v) for k, v in front.items() if k not in {"title", "id"}}
        found = particulars(body)
        _, conflicts = merged(DocumentMeta(**known), found, name)  # type: ignore[arg-type]
        assert conflicts == ()
        for key in {p.key for p in found if p.key in known}:
            agreed[key] = agreed.get(key, 0) + 1
    floor = {"doc_number": 12, "issuer": 57, "issued": 29, "published": 15, "effective": 25, "region": 62}
    assert {key: agreed[key] >= count for key, count in floor.items()} == dict.fromkeys(floor, True)


@given(st.text(alphabet="《》〈〉（）〔〕号第条本办法自2024年5月1日起施行同时废止。，\n |#令国务院", max_size=120))
def test_every_particular_lies_in_any_text(text: str) -> None:
    for particular in particulars(text):
        assert isinstance(particular, Particular)
        assert text[particular.start : particular.end] == particular.sentence


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line", ["本办法《甲》（银发〔2001〕1号）废止", "本办法自2017年10月1日起施行", "银发〔", "《", "县"]
)
def test_a_line_without_end_costs_no_minute(line: str) -> None:
    particulars(line * 1500)
