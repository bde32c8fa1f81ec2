"""The faults of one page's text."""

import pytest

from ingest.formats.quality import BROKEN_TABLE, GARBLED, GLUED_NUMBERS, NO_TEXT, faults

PROSE = "商业银行应当按照审慎经营原则，建立健全贷款风险分类制度，2023年末不良贷款率为1.62%，较上年末下降0.01个百分点。"


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "第一章 总则\n第一条 为了保护存款人的合法权益，制定本法。",
        "依據《銀行業監督管理辦法》，各機構應當於每季度終了後報送報表，並對其真實性負責，不得遲報、瞞報。",
        "The Basel Committee published the final standard in 2017.",
        "2024.01.02 发布 详见第 1.2.10 节，服务器地址 192.168.0.100，联系电话 010-66278000。",
        "| 地区 | 存款 |\n|---|---|\n| 甲市 | 1,234.5 |\n| 乙市 | 2,345.6 |",
        "Crédit agricole à la française, où l'épargne était élevée.",
    ],
)
def test_sound_text_has_no_faults(text: str) -> None:
    assert faults(text) == ()


@pytest.mark.parametrize("text", ["", " \n", "- 3 -", "扫描全能王 创建"])
def test_hardly_any_text(text: str) -> None:
    assert NO_TEXT in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "ÖÐ¹úÈËÃñÒøÐÐ¹ØÓÚÓ¡·¢¹ÜÀí°ì·¨",
        "ä¸­å›½äººæ°‘é“¶è¡Œå…³äºŽå�°å�‘ç®¡ç�†åŠžæ³•",
        "\ue123\ue124\ue125银行\ue126\ue127\ue128应当\ue129",
        "(cid:123)(cid:456)(cid:789)(cid:1011)银行(cid:12)(cid:13)",
        "商业银行�应当��按照�审慎�经营�原则",
        "".join(chr(0x4E00 + 37 * i % 20000) for i in range(60)),
        "ᠠᠡᠢᠣ ᡀᡁᡂᡃ ᠠᠡᠢᠣ ᡀᡁᡂᡃ 2023",
    ],
)
def test_garbled_text(text: str) -> None:
    assert GARBLED in faults(text)


@pytest.mark.parametrize("number", ["12.345.67", "1,234.51,345.6", "3" * 30, "1234.5678.9"])
def test_numbers_that_ran_together(number: str) -> None:
    assert faults(PROSE + number) == (GLUED_NUMBERS,)


@pytest.mark.parametrize(
    "rows",
    [
        "| 地区 | 存款 | 贷款 |\n|---|---|---|\n| 甲市 | 12.5 |\n| 乙市 | 3.1 | 4.5 |",
        "| 地区 | | |\n|---|---|---|\n| 甲市 | | |\n| 乙市 | 3.1 | |",
    ],
)
def test_broken_tables(rows: str) -> None:
    assert faults(f"{PROSE}\n{rows}") == (BROKEN_TABLE,)


def test_two_tables_of_different_widths_are_sound() -> None:
    one = "| 地区 | 存款 |\n|---|---|\n| 甲市 | 12.5 |"
    other = "| 地区 | 存款 | 贷款 |\n|---|---|---|\n| 甲市 | 12.5 | 3.5 |"
    assert faults(f"{PROSE}\n{one}\n{PROSE}\n{other}") == ()
