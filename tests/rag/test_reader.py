"""The reader: windows within their length, a pinned file, and a network that reads the window it is given."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from rag.config import OFF, Config
from rag.errors import ModelUnavailable
from rag.network import build_network, load_network, make_tokenizer, run_network
from rag.reader import FEWEST, MOST, TOKENS, OwnReader, Window, configured_reader, context_of, encoded, window_around

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"贷款余额是多少万亿元，。担保一二三四五六七八九十"]
SETTINGS = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "vocab_size": len(PIECES),
    "max_position_embeddings": 256,
    "type_vocab_size": 2,
    "pad_token_id": 1,
}
TOKENIZER = json.dumps(
    {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[piece, -1.0] for piece in PIECES]},
    }
)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of a few thousand random weights in the shape of the shipped one."""
    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("reader") / "tiny.safetensors"
    tensors = {name: tensor.contiguous() for name, tensor in build_network(SETTINGS).state_dict().items()}
    save_file(tensors, path, metadata={"network": json.dumps(SETTINGS), "tokenizer": TOKENIZER})
    return path


@pytest.fixture(scope="module")
def reader(weights: Path) -> OwnReader:
    return OwnReader(weights, hashlib.sha256(weights.read_bytes()).hexdigest())


class TestWindowAround:
    def test_grows_on_both_sides_within_its_size(self) -> None:
        sentences = ["甲" * 50, "乙" * 50, "丙" * 50, "丁" * 50]
        assert window_around(sentences, 1, size=150) == (0, 3)
        assert window_around(sentences, 1, size=149) == (1, 3)
        assert window_around(sentences, 3, size=100) == (2, 4)

    def test_a_long_sentence_stays_alone(self) -> None:
        assert window_around(["甲" * 500, "乙"], 0, size=180) == (0, 1)

    def test_what_does_not_fit_is_not_leapt_over(self) -> None:
        assert window_around(["甲", "乙" * 200, "丙" * 100, "丁"], 2, size=150) == (2, 4)


def test_the_context_is_title_and_innermost_heading() -> None:
    assert context_of("存款保险条例", ("第一章", "第五条")) == "存款保险条例 第五条"
    assert context_of("题" * 90, ()) == "题" * 40


class TestEncoded:
    def test_offsets_find_the_window_again(self) -> None:
        tokenizer = make_tokenizer(TOKENIZER)
        window = Window("贷款", ("余额是三万亿元。", "担保。"))
        ids, types, offsets, begin = encoded(tokenizer, "余额多少", window)
        text = "贷款\n余额是三万亿元。担保。"
        assert begin == len("贷款\n")
        assert ids[0] == 0
        assert ids[-1] == 2
        assert types == sorted(types)
        assert "".join(text[a:b] for a, b in offsets if a >= begin) == "余额是三万亿元。担保。"

    def test_over_long_questions_and_windows_are_cut(self) -> None:
        ids, types, offsets, _ = encoded(make_tokenizer(TOKENIZER), "多" * 300, Window("", ("三" * 500,)))
        assert len(ids) == len(types) == len(offsets) == TOKENS


class TestRead:
    def test_a_reading_for_each_window_whatever_stands_beside_it(self, reader: OwnReader) -> None:
        windows = [
            Window("贷款", ("余额是三万亿元。", "担保。")),
            Window("担保", ("五六七八九十，一二三四五六七八。",)),
        ]
        both = reader.read("贷款余额是多少", windows)
        for window, together in zip(windows, both, strict=True):
            (alone,) = reader.read("贷款余额是多少", [window])
            assert alone.relevance == pytest.approx(together.relevance, abs=0.02)
            assert len(together.sentences) == len(window.sentences)
            assert all(0 <= share <= 1 for share in together.sentences)

    def test_nothing_to_read(self, reader: OwnReader) -> None:
        assert reader.read("贷款余额是多少", []) == ()

    def test_the_question_matters(self, reader: OwnReader) -> None:
        window = [Window("贷款", ("余额是三万亿元。",))]
        assert reader.read("贷款余额", window)[0].relevance != reader.read("担保", window)[0].relevance

    def test_it_reads_no_more_than_it_can_afford(self, reader: OwnReader) -> None:
        assert FEWEST <= reader.limit <= MOST


def test_attention_agrees_with_the_library(weights: Path) -> None:
    """The two batched products are the attention of transformers, padding included."""
    network, _ = load_network(weights)
    batch = {
        "input_ids": torch.tensor([[0, 5, 6, 2, 7, 8, 2], [0, 5, 2, 9, 2, 1, 1]]),
        "token_type_ids": torch.tensor([[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]]),
        "attention_mask": torch.tensor([[1] * 7, [1, 1, 1, 1, 1, 0, 0]]),
    }
    with torch.inference_mode():
        own, own_span = run_network(network, batch)
        network["encoder"].set_attn_implementation("eager")
        other, other_span = run_network(network, batch)
    assert torch.allclose(own, other, atol=1e-5)
    assert torch.allclose(own_span.softmax(-1), other_span.softmax(-1), atol=1e-5)


class TestTheFile:
    def test_another_file_is_refused_with_the_cure(self, weights: Path) -> None:
        with pytest.raises(ModelUnavailable, match="KBQA_READER=off"):
            OwnReader(weights, "0" * 64)

    def test_an_absent_file_is_refused_with_the_cure(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match="KBQA_READER=off"):
            OwnReader(tmp_path / "none.safetensors", "0" * 64)

    def test_switched_off_it_is_not_even_looked_for(self) -> None:
        assert configured_reader(Config(reader=OFF)) is None


@pytest.fixture(scope="module")
def shipped() -> OwnReader:
    found = configured_reader(Config())
    assert isinstance(found, OwnReader)
    return found


class TestTheShippedReader:
    """The weights that the product ships with."""

    def test_a_window_that_answers_beats_its_silent_neighbours(self, shipped: OwnReader) -> None:
        question = "科技型企业申请这笔贷款，最长可以借几年？"
        answers = Window("创新贷款办法 第七条", ("科技型企业贷款期限最长不超过五年。", "贷款应当用于研发。"))
        amount = Window("创新贷款办法 第六条", ("科技型企业贷款额度最高不超过一千万元。", "贷款应当用于研发。"))
        foreign = Window("花卉养护", ("月季每年春季修剪一次。",))
        found = [reading.relevance for reading in shipped.read(question, [answers, amount, foreign])]
        assert found[0] > found[1] > found[2]

    def test_the_answering_sentence_has_most_of_the_answer(self, shipped: OwnReader) -> None:
        window = Window("创新贷款办法", ("贷款应当用于研发。", "贷款期限最长不超过五年。", "利率由双方商定。"))
        (reading,) = shipped.read("贷款最长可以借几年", [window])
        assert max(range(3), key=lambda i: reading.sentences[i]) == 1
