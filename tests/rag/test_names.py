"""Names and subjects that the sources do not hold."""

import pytest

from rag.claims import read
from rag.names import strange_names, strange_words
from rag.plain import plain


def strange(said: str, *sources: str) -> list[str]:
    own, others = read(plain(said)), [plain(source) for source in sources]
    return [
        *strange_names(own, 0, len(own.plain), others),
        *strange_words(own, 0, len(own.plain), list(map(read, others))),
    ]


@pytest.mark.parametrize(
    ("said", "source", "name"),
    [
        ("山东的贷款增长", "浙江的贷款增长", "山东"),
        ("株洲市的贷款增长", "台州市的贷款增长", "株洲"),
        ("由财政部负责", "由人民银行负责", "财政部"),
        ("存款余额为五亿元", "贷款余额为五亿元", "存款"),
        ("《保险法》规定由其负责", "《商业银行法》规定由其负责", "《保险法》"),
        ("公证处应当登记", "银行应当登记", "公证处"),
    ],
)
def test_strange_names(said: str, source: str, name: str) -> None:
    assert name in strange(said, source)


@pytest.mark.parametrize(
    ("said", "sources"),
    [
        ("央行下调利率", ("中国人民银行下调利率",)),
        ("金融监管总局要求落实", ("国家金融监督管理总局要求落实",)),
        ("《民营经济促进法》规定，支持企业", ("支持企业", "中华人民共和国民营经济促进法")),
        ("山东支持企业", ("支持企业", "山东省民营经济发展促进条例")),
        ("有关部门应及时作出决定", ("部门应当决定",)),
    ],
)
def test_names_that_are_held(said: str, sources: tuple[str, ...]) -> None:
    assert not strange(said, *sources)
