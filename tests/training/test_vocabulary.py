"""Which pieces of a tokenizer stay, and that what stays reads a text as before."""

import json

import pytest

from rag.network import make_tokenizer
from tests.training.tiny import FOREIGN, PIECES, SPECIAL, definition
from training.vocabulary import pruned

ALL = (*PIECES, *FOREIGN)


def kept_of(pieces: tuple[str, ...], texts: list[str]) -> list[str]:
    shorter, kept = pruned(definition(pieces), texts)
    names = [piece for piece, _ in json.loads(shorter)["model"]["vocab"]]
    assert names == [pieces[i] for i in kept]
    return names


def test_the_scripts_of_others_go() -> None:
    assert kept_of(ALL, []) == list(PIECES)


@pytest.mark.parametrize(
    ("piece", "stays"),
    [
        ("▁", True),
        ("金融", True),
        ("▁金融", True),
        ("%", True),
        ("▁12", True),
        ("lp", True),
        ("lpr", False),
        ("《", True),
        ("①", True),
        ("▁。", True),
        ("。。", False),
        ("金a", False),
        ("ひ", False),
        ("я", False),
    ],
)
def test_what_is_kept_unseen(piece: str, stays: bool) -> None:
    assert (piece in kept_of((*SPECIAL, piece), [])) == stays


@pytest.mark.parametrize(
    ("texts", "kept"),
    [(["甲の"], []), (["甲の", "のん"], ["の"]), (["のの"], ["の"]), (["the", "the"], ["▁the"]), (["thethe"], [])],
)
def test_a_piece_that_is_seen_twice_stays(texts: list[str], kept: list[str]) -> None:
    assert kept_of(ALL, texts) == [*PIECES, *kept]


def test_old_ids_come_in_order_of_the_new_ones() -> None:
    pieces = (*SPECIAL, "の", "甲", "ん", "乙")
    _, kept = pruned(definition(pieces), ["んん"])
    assert kept == [0, 1, 2, 3, 5, 6, 7]


def test_a_text_reads_as_before() -> None:
    pieces = (*SPECIAL, "の", "▁", "担保", "ん", "担", "费率", "。")
    shorter, kept = pruned(definition(pieces), [])
    before, after = make_tokenizer(definition(pieces)), make_tokenizer(shorter)
    ids = after.encode("担保费率。").ids
    assert [pieces[kept[i]] for i in ids] == ["▁", "担保", "费率", "。"]
    assert [kept[i] for i in ids] == before.encode("担保费率。", add_special_tokens=False).ids


def test_what_went_is_unknown_and_nothing_is_put_around_a_text() -> None:
    shorter, _ = pruned(definition(ALL), [])
    encoded = make_tokenizer(shorter).encode("甲の", add_special_tokens=True)
    assert encoded.ids == [PIECES.index("▁"), PIECES.index("甲"), SPECIAL.index("<unk>")]
