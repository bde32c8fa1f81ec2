"""Short names of documents: one title that fits, several, none."""

import pytest

from rag.shortened import fits

TITLES = {
    "银": "中华人民共和国商业银行法",
    "征": "征信业管理条例",
    "担": "融资担保公司监督管理条例",
    "鲁": "山东省地方金融条例",
    "浙": "浙江省地方金融条例",
    "农": "农业保险条例",
    "办": "政府性融资担保发展管理办法",
}


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("商行法", "银"),
        ("银行法", "银"),
        ("担保条例", "担"),
        ("融资担保公司条例", "担"),
        ("征信条例", "征"),
        ("征信管理条例", "征"),
        ("农险条例", "农"),
        ("山东地方金融条例", "鲁"),
        ("地方金融条例", "鲁浙"),
        ("担保办法", "办"),
        ("人民银行法", ""),
        ("保险法", ""),
        ("商法", ""),
        ("条例", ""),
        ("合同法", ""),
    ],
)
def test_a_name_fits_titles(name: str, sources: str) -> None:
    assert "".join(fits(name, TITLES)) == sources


def test_without_an_address_only_whole_words_count() -> None:
    assert fits("担保条例", TITLES, 2) == ("担",)
    assert fits("商行法", TITLES, 2) == ()
