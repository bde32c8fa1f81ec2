"""Saved web pages in the shapes of official sites: the document whole, the page around it gone."""

import re
from pathlib import Path

import pytest

from ingest import texts
from ingest.formats.web import read
from ingest.structure.tree import parse_blocks
from rag.errors import UnreadableFile
from tests.ingest.formats.test_word import expected_articles, found_articles, laws

MENU = """<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li><li><a href="/zc">政策
文件库</a></li></ul></div><div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zc">政策</a></div>"""
SHARE = '<div class="share">分享到：<a>微信</a><a>微博</a></div><div>【打印】【关闭】</div>'
RELATED = """<div class="related"><h3>相关阅读</h3><ul><li><a href="1">县域金融工作会议召开</a></li>
<li><a href="2">图解：普惠信贷新规</a></li><li><a href="3">记者问答实录</a></li></ul></div>"""
FOOT = '<div class="footer"><p>版权所有：某省人民政府办公厅</p><p>京ICP备05070218号 网站标识码bm01000001</p></div>'
SCRIPT = "<script>var a='脚本里的字';</script><style>.ghost{display:none}</style><!-- 注释里的字 -->"
PARTICULARS = """<table class="bd1"><tbody><tr><td><b>索 引 号：</b></td><td>000014349/2023-00059</td>
<td><b>主题分类：</b></td><td>财政、金融\\银行</td></tr><tr><td><b>发文机关：</b></td><td>某省人民政府</td><td><b>成文日期：</b></td><td>2023年09月25日</td></tr>
<tr><td><b>标　　题：</b></td><td>关于促进县域金融的实施意见</td><td><b>发布日期：</b></td><td>2023年10月11日</td></tr>
<tr><td><b>发文字号：</b></td><td>某政发〔2023〕15号</td><td><b>主 题 词：</b></td><td></td></tr></tbody></table>"""
AROUND = ("首页", "政务公开", "微信", "打印", "版权所有", "ICP", "县域金融工作会议", "脚本", "注释", "隐藏")
SENTENCES = [
    "各市、县人民政府，省政府各部门：",
    "为促进县域金融高质量发展，现提出以下意见。",
    "一、总体要求",
    "（一）指导思想。坚持金融服务实体经济，县域存贷比提高到70%以上。",
    "二、工作措施",
    "加大涉农信贷投放，到2025年涉农贷款余额年均增长10%。",
]
TABLE = """<table><tr><th rowspan="2">地区</th><th colspan="2">2024年</th></tr><tr><th>余额</th><th>增速</th></tr>
<tr><td rowspan="2">甲市</td><td>12.5</td><td>3%</td></tr><tr><td>8</td><td>4%</td></tr></table>"""
TABLE_LINES = [
    "| 地区 | 2024年·余额 | 2024年·增速 |",
    "|---|---|---|",
    "| 甲市 | 12.5 | 3% |",
    "| 甲市 | 8 | 4% |",
]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p style='text-indent:2em'>　　{line}</p>\n" for line in lines)


def page(body: str, head: str = "<title>关于促进县域金融的实施意见_政府文件_某省人民政府</title>") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def saved(tmp_path: Path, markup: str, encoding: str = "utf-8", name: str = "某.html") -> Path:
    path = tmp_path / name
    path.write_bytes(markup.encode(encoding))
    return path


def national(lines: list[str]) -> str:
    """The shape of the State Council's site: everything in layout tables, the text in UCAP-CONTENT."""
    return page(
        f'{MENU}{SCRIPT}<div class="wrap"><table width="100%"><tr><td>{PARTICULARS}</td></tr><tr><td>'
        '<table><tr><td class="b12c" id="UCAP-CONTENT"><p align="center"><b>关于促进县域金融的实施意见</b></p>'
        f'{paragraphs(lines)}<p class="ghost">隐藏一</p><p style="display: none">隐藏二</p>{TABLE}</td></tr></table>'
        "</td></tr></table></div>"
        f"{SHARE}{RELATED}{FOOT}"
    )


def provincial(lines: list[str]) -> str:
    """The shape of provincial sites: a heading, a list of particulars, TRS_Editor inside pages_content."""
    listed = "".join(f"<li><span>{k}</span><em>{v}</em></li>" for k, v in PAIRS)
    return page(
        f'{SCRIPT}<header>{MENU}</header><div class="main"><h1>关于促进县域金融的实施意见</h1>'
        f'<ul class="info">{listed}</ul>{SHARE}<div class="pages_content"><div class="TRS_Editor">'
        f"{paragraphs(lines)}{TABLE}</div></div></div>{RELATED}{FOOT}"
    )


def unknown(lines: list[str]) -> str:
    """A site that nobody told us about."""
    return page(
        f'{MENU}{SCRIPT}<div class="layout"><div class="left-col">{RELATED}</div><div class="right-col"><h1>'
        '关于促进县域金融的实施意见</h1><div class="meta">来源：某日报</div>'
        f'<div class="txt9">{paragraphs(lines)}{TABLE}</div>{SHARE}</div></div>{FOOT}'
    )


PAIRS = [("索引号：", "11370000/2023-1"), ("发文机关：", "某省人民政府"), ("发文字号：", "某政发〔2023〕15号")]
SHAPES = [national, provincial, unknown]


@pytest.mark.parametrize("shape", SHAPES)
class TestShapes:
    def test_the_document_is_whole_and_nothing_else_is_there(self, tmp_path: Path, shape) -> None:  # type: ignore[no-untyped-def]
        long = SENTENCES + [f"第{i}项工作由有关部门按照职责分工负责，重要情况及时报告省人民政府。" for i in range(20)]
        extracted = read(saved(tmp_path, shape(long)))
        lines = extracted.text.splitlines()
        assert extracted.title == "关于促进县域金融的实施意见"
        assert [line for line in lines if line in long] == long
        start = lines.index(TABLE_LINES[0])
        assert lines[start : start + 4] == TABLE_LINES
        assert [word for word in AROUND if word in extracted.text] == []
        assert extracted.text.count("关于促进县域金融的实施意见") <= 2

    def test_a_short_notice_too(self, tmp_path: Path, shape) -> None:  # type: ignore[no-untyped-def]
        text = read(saved(tmp_path, shape(SENTENCES[:3]))).text
        assert [line for line in text.splitlines() if line in SENTENCES] == SENTENCES[:3]
        assert [word for word in AROUND if word in text] == []

    def test_every_article_of_the_laws(self, tmp_path: Path, shape, shared: Path) -> None:  # type: ignore[no-untyped-def]
        for law in laws(shared):
            lines = [line.lstrip("# ") for line in law]
            text = read(saved(tmp_path, shape(lines))).text
            table = text.index(TABLE_LINES[0])
            assert found_articles(text[:table]) == expected_articles(law)
            wanted, found = "".join("".join(lines).split()), "".join(text[:table].split())
            assert wanted in found


def test_the_particulars_of_a_national_page_stand_above_its_text(tmp_path: Path) -> None:
    lines = read(saved(tmp_path, national(SENTENCES))).text.splitlines()
    assert lines[:7] == [
        "索引号：000014349/2023-00059",
        "主题分类：财政、金融\\银行",
        "发文机关：某省人民政府",
        "成文日期：2023年09月25日",
        "标题：关于促进县域金融的实施意见",
        "发布日期：2023年10月11日",
        "发文字号：某政发〔2023〕15号",
    ]


def test_the_particulars_of_a_list(tmp_path: Path) -> None:
    lines = read(saved(tmp_path, provincial(SENTENCES))).text.splitlines()
    assert lines[:4] == ["# 关于促进县域金融的实施意见", *(key + value for key, value in PAIRS)]


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "GBK"), ("utf-8", "gb2312"), ("gb18030", "utf-8"),
     ("utf-8-sig", ""), ("utf-16", "")],
)  # fmt: skip
def test_encodings_that_pages_state_or_mis_state(tmp_path: Path, encoding: str, stated: str) -> None:
    markup = provincial(SENTENCES).replace('charset="utf-8"', f'charset="{stated}"')
    assert [s for s in SENTENCES if s not in read(saved(tmp_path, markup, encoding)).text] == []


def test_a_character_cut_in_the_head_is_no_matter_and_one_in_the_text_is(tmp_path: Path) -> None:
    markup = provincial(SENTENCES * 3).encode()
    path = tmp_path / "某.html"
    path.write_bytes(markup.replace(b"<title>", b'<meta name="description" content="\xe5\x8e"><title>'))
    assert [s for s in SENTENCES if s not in read(path).text] == []
    path.write_bytes(markup.replace("信贷投放".encode(), "信贷投放".encode()[:-1], 1))
    with pytest.raises(UnreadableFile, match="编码"):
        read(path)


def test_headings_lists_breaks_and_wrapped_lines(tmp_path: Path) -> None:
    body = (
        "<div id='zoom'><h2>一、总体要求</h2><h3>第一条 为了规范，制定本办法。</h3>第二条 甲。<br>第三条 乙。"
        "<ol start='3'><li>丙</li><li>丁</li></ol>"
        "<ul><li><p>戊</p></li></ul><p>县域贷款\n  余额 LPR\n 利率</p><div>注<sup>1</sup></div></div>"
    )
    assert read(saved(tmp_path, page(body, ""))).text.splitlines() == [
        *("## 一、总体要求", "第一条 为了规范，制定本办法。", "第二条 甲。", "第三条 乙。"),
        *("3. 丙", "4. 丁", "- 戊", "县域贷款余额 LPR 利率", "注1"),
    ]


def test_a_page_of_an_account_whose_text_a_script_would_show(tmp_path: Path) -> None:
    body = f'<div id="js_content" style="visibility: hidden; opacity: 0;">{paragraphs(SENTENCES)}</div>'
    text = read(saved(tmp_path, page(body))).text
    assert [line for line in text.splitlines() if line in SENTENCES] == SENTENCES


def test_a_web_archive(tmp_path: Path) -> None:
    markup = provincial(SENTENCES)
    archive = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n'
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{markup}\r\n--x\r\nContent-Type: image/png\r\n\r\nx\r\n--x--\r\n"
    )
    text = read(saved(tmp_path, archive, name="某.mht")).text
    assert [line for line in text.splitlines() if line in SENTENCES] == SENTENCES


def test_attachments_stay(tmp_path: Path) -> None:
    links = "".join(f'<p><a href="{i}.pdf">{i}. 附表{i}.pdf</a></p>' for i in range(1, 5))
    markup = unknown([*SENTENCES, "附件："]).replace("<table>", f"<div>附件：{links}</div><table>", 1)
    text = read(saved(tmp_path, markup)).text
    assert re.findall(r"\d\. 附表\d\.pdf", text) == [f"{i}. 附表{i}.pdf" for i in range(1, 5)]


def test_blocks_of_a_page_carry_their_headings(tmp_path: Path) -> None:
    text = read(saved(tmp_path, provincial(SENTENCES))).text
    block = next(b for b in parse_blocks(text) if text[b.start :].startswith("加大涉农"))
    assert block.path[-1] == "二、工作措施"


@pytest.mark.parametrize(
    "markup",
    ["", "<!-- nothing -->", page("<script>render()</script>", ""), page('<div style="display:none">字</div>', "")],
)
def test_pages_without_text_are_refused_with_a_cure(tmp_path: Path, markup: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(saved(tmp_path, markup))
    error = caught.value
    assert (error.source, error.message, error.cure) == ("某.html", texts.NO_TEXT, texts.CURE_SAVE_PAGE)
