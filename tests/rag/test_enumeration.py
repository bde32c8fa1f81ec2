"""Sentences that enumerate are told from those that do not."""

import pytest

from rag.enumeration import enumerated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五大专项行动的名称依次为:一是“粮食安全”;二是“帮扶成效”;三是“乡村产业”。", 3),
        ("用途主要有三项:贷款贴息,示范区建设,定向费用补贴。", 3),
        ("信用档案内容分为基础信息、不良信息和守信信息,以统一社会信用代码为标识建立。", 3),
        ("联合银行模式分为“下参上”和“上参下”两类。", 2),
        ("不得吸收存款,不得自营贷款,不得受托投资。", 3),
        ("本规定自2024年1月1日起施行。", 0),
        ("县城是城镇体系的重要组成部分和关键支撑。", 0),
    ],
)
def test_enumerated(text: str, expected: int) -> None:
    assert enumerated(text) == expected
