"""Negation, modality, scope and direction: turned, added, dropped, or only said in other words."""

import pytest

from rag.claims import Claims, read
from rag.plain import plain
from rag.polarity import exceptions_dropped, turned


def claims(text: str) -> Claims:
    return read(plain(text))


def faults(said: str, source: str) -> list[str]:
    own = claims(said)
    return [kind for kind, _ in turned(own, 0, len(own.plain), [claims(source)])]


@pytest.mark.parametrize(
    ("said", "source", "kind"),
    [
        ("投保机构可以投保存款保险。", "投保机构应当投保存款保险。", "turned"),
        ("银行可以拒绝查询。", "银行不得拒绝查询。", "turned"),
        ("机构不得委托代为偿付。", "机构可以委托代为偿付。", "turned"),
        ("贷款余额持续下降。", "贷款余额持续上升。", "turned"),
        ("承担部分责任。", "承担全部责任。", "turned"),
        ("金融机构应当在境外保存信息。", "金融机构应当在境内保存信息。", "turned"),
        ("鼓励金融机构发放贷款。", "限制金融机构发放贷款。", "turned"),
        ("保险机构不负责赔偿损失。", "保险机构负责赔偿损失。", "added"),
        ("本办法未规定利率上限。", "本办法规定利率上限。", "added"),
        ("仅支持小微企业贷款。", "支持小微企业贷款。", "added"),
        ("银行收取其他保证金。", "银行不得收取其他保证金。", "dropped"),
        ("存款保险基金存放中国人民银行。", "存款保险基金只能存放中国人民银行。", "dropped"),
        ("机构提高其适用费率。", "机构可以提高其适用费率。", "dropped"),
    ],
)
def test_the_sense_changes(said: str, source: str, kind: str) -> None:
    assert kind in faults(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("投保机构须投保存款保险。", "投保机构应当投保存款保险。"),
        ("两个口径不可混用。", "两个口径不能混用。"),
        ("所见文本中没有给出具体数字。", "具体数字未在所见文本中出现。"),
        ("不良贷款率为1.5%。", "不良贷款率为1.5%。"),
        ("注册资本不得少于5000万元。", "注册资本不少于5000万元。"),
        ("任何单位都不得强制入会，也不得强制捐赠。", "任何单位不得强制入会、强制捐赠。"),
        ("利率降至4.02%。", "利率下降到4.02%。"),
    ],
)
def test_other_words_for_the_same(said: str, source: str) -> None:
    assert not faults(said, source)


@pytest.mark.parametrize(
    ("said", "source", "dropped"),
    [
        ("任何单位不得查询存款。", "除法律另有规定外，任何单位不得查询存款。", True),
        ("除法律另有规定外，任何单位不得查询存款。", "除法律另有规定外，任何单位不得查询存款。", False),
        ("没收违法所得，对单位罚款一万元。", "除没收违法所得外，对单位罚款一万元。", False),
        ("保险存款包括人民币存款。", "保险存款包括人民币存款，但同业存款除外。", True),
        ("保险存款包括人民币存款，同业存款在内。", "保险存款包括人民币存款，但同业存款除外。", True),
        ("保险存款包括人民币存款，不包括同业存款。", "保险存款包括人民币存款，但同业存款除外。", False),
    ],
)
def test_exceptions(said: str, source: str, dropped: bool) -> None:
    assert bool(list(exceptions_dropped(plain(said), [claims(source)]))) is dropped
