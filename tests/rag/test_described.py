"""What is asked of a document itself, and what of a thing that it speaks of."""

import pytest

from rag.described import aspects


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("这个办法现在还有效吗", ("validity",)),
        ("该条例是否已经失效", ("validity",)),
        ("是谁批准的", ("origin",)),
        ("票据金额大小写不一致,这张票还能不能用", ()),
        ("更改收款人的票据就作废吗", ()),
        ("没有登记的抵押算不算有效", ()),
        ("对该组织实施接管须经谁批准", ()),
    ],
)
def test_aspects(question: str, expected: tuple[str, ...]) -> None:
    assert aspects(question) == expected
