"""From texts to a published generation, and everything that may go wrong on the way."""

import shutil
from pathlib import Path

import pytest

from ingest.build import Summary, ingest
from ingest.publish import KEPT_GENERATIONS, rollback
from rag import generation
from rag.catalog import Catalog
from rag.config import Config
from rag.errors import IndexDamaged, IndexMissing
from rag.store import CHUNKS, SENTENCES, VectorStore
from tests.fakes import FailingEmbedder, FakeModel, HashingEmbedder

NOTE = "notes/走访记录.txt"


def run(config: Config, model: FakeModel | None = None, *, dry_run: bool = False) -> Summary:
    return ingest(config, lambda *_: None, dry_run=dry_run, model=model or FakeModel())


def generations(config: Config) -> list[str]:
    return sorted(path.name for path in (config.index_dir / generation.GENERATIONS).iterdir())


def change_note(config: Config, sentence: str) -> None:
    with (config.kb_dir / NOTE).open("a", encoding="utf-8") as file:
        file.write(f"\n{sentence}\n")


def sources(config: Config) -> set[str]:
    catalog = Catalog(generation.published(config.index_dir) / generation.CATALOG)
    try:
        return set(catalog.titles)
    finally:
        catalog.close()


def assert_serving(config: Config, name: str) -> None:
    directory = generation.published(config.index_dir)
    assert directory.name == name
    generation.check(directory, generation.read_manifest(directory))


class TestFirstRun:
    def test_it_publishes_what_it_says(self, small_index: Config) -> None:
        directory = generation.published(small_index.index_dir)
        manifest = generation.read_manifest(directory)
        generation.check(directory, manifest)
        assert manifest.name == directory.name
        assert manifest.fingerprint == FakeModel().fingerprint
        assert manifest.documents == 6
        catalog, store = Catalog(directory / generation.CATALOG), VectorStore(directory / generation.VECTORS)
        try:
            assert len(catalog.chunk_sources) == manifest.chunks == store.rows(CHUNKS) == store.count(CHUNKS)
            assert len(catalog.sentence_chunks) == manifest.sentences == store.rows(SENTENCES)
            texts = [catalog.document(source).text for source in catalog.titles]
            assert sum(map(len, texts)) == manifest.characters
        finally:
            catalog.close()
            store.close()

    def test_the_record_is_exact(self, small_index: Config) -> None:
        catalog = Catalog(generation.published(small_index.index_dir) / generation.CATALOG)
        try:
            for source in catalog.titles:
                text = catalog.document(source).text
                ordinals = catalog.chunk_ordinals(source)
                chunks = catalog.chunks(ordinals)
                assert "".join(chunks[ordinal].text for ordinal in ordinals) == text
                for ordinal, found in catalog.sentences(ordinals).items():
                    for _, sentence in found:
                        assert text[sentence.start : sentence.end] == sentence.text
                        assert chunks[ordinal].start <= sentence.start < chunks[ordinal].end
        finally:
            catalog.close()

    def test_nothing_is_left_beside_it(self, small_index: Config) -> None:
        assert {path.name for path in small_index.index_dir.iterdir()} >= {
            "CURRENT",
            "generations",
            "lock",
            "vectors.sqlite",
        }
        assert not list(small_index.index_dir.glob("**/*.staging"))
        assert not list(small_index.index_dir.glob("*.new"))

    def test_progress_is_told_stage_by_stage_and_ends_full(self, small_kb: Path, tmp_path: Path) -> None:
        told: dict[str, list[tuple[int, int]]] = {}
        config = Config(kb_dir=small_kb, index_dir=tmp_path / "index")
        (small_kb / "notes" / "只有标题.md").write_text("# 只有标题\n", encoding="utf-8")
        summary = ingest(config, lambda stage, *n: told.setdefault(stage, []).append(n), model=FakeModel())
        assert summary.documents == 7
        for counts in told.values():
            assert [done for done, _ in counts] == sorted(done for done, _ in counts)
            assert counts[-1][0] == counts[-1][1]

    def test_a_dry_run_writes_nothing(self, small_kb: Path, tmp_path: Path) -> None:
        model = FakeModel()
        config = Config(kb_dir=small_kb, index_dir=tmp_path / "index")
        assert len(run(config, model, dry_run=True).plan.added) == 6
        assert not config.index_dir.exists()
        assert model.loaded == 0

    def test_an_empty_folder_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "kb").mkdir()
        with pytest.raises(IndexMissing, match="没有可以入库的文件"):
            run(Config(kb_dir=tmp_path / "kb", index_dir=tmp_path / "index"))

    def test_headings_alone_are_indexed(self, tmp_path: Path) -> None:
        (tmp_path / "kb").mkdir()
        (tmp_path / "kb" / "标题.md").write_text("# 县域金融条例\n", encoding="utf-8")
        summary = run(Config(kb_dir=tmp_path / "kb", index_dir=tmp_path / "index"))
        assert (summary.documents, summary.chunks, summary.sentences) == (1, 1, 0)


class TestLaterRuns:
    def test_nothing_changed_keeps_the_generation_and_does_not_load_the_model(self, own_index: Config) -> None:
        before, model = generations(own_index), FakeModel()
        summary = run(own_index, model)
        assert (summary.embedded, model.embedded, model.loaded) == (0, 0, 0)
        assert generations(own_index) == before == [summary.generation]
        assert summary.documents == 6

    def test_one_changed_file_embeds_only_its_new_texts(self, own_index: Config) -> None:
        model = FakeModel()
        change_note(own_index, "新写的一句话。")
        summary = run(own_index, model)
        assert summary.plan.changed == (NOTE,)
        assert model.embedded == summary.embedded == 2, "the one chunk of the file and the one new sentence"
        assert_serving(own_index, summary.generation)
        assert len(generations(own_index)) == KEPT_GENERATIONS

    def test_renamed_and_removed_files_embed_nothing(self, own_index: Config) -> None:
        model = FakeModel()
        (own_index.kb_dir / "policies" / "青山省农业保险条例.md").rename(own_index.kb_dir / "policies" / "农业保险.md")
        (own_index.kb_dir / "policies" / "支持小微企业融资若干措施.md").unlink()
        run(own_index, model)
        assert model.embedded == 0, "its texts and its title are as before"
        found = sources(own_index)
        assert "policies/农业保险.md" in found
        assert not found & {"policies/支持小微企业融资若干措施.md", "policies/青山省农业保险条例.md"}

    def test_a_file_that_is_known_by_its_name_only_is_renamed_for_nothing_too(self, own_index: Config) -> None:
        notes = own_index.kb_dir / "notes"
        (notes / "养殖户走访.txt").write_text("养殖户缺少抵押物。", encoding="utf-8")
        run(own_index)
        (notes / "养殖户走访.txt").rename(notes / "蟹农访谈.txt")
        model = FakeModel()
        run(own_index, model)
        assert model.embedded == 0
        catalog = Catalog(generation.published(own_index.index_dir) / generation.CATALOG)
        assert catalog.titles["notes/蟹农访谈.txt"] == "蟹农访谈"
        catalog.close()

    def test_a_bad_file_is_reported_and_the_others_are_published(self, own_index: Config) -> None:
        (own_index.kb_dir / "notes" / "坏.txt").write_text("---\n标签: 甲\n---\n正文", encoding="utf-8")
        change_note(own_index, "好文件也改了。")
        summary = run(own_index)
        assert [problem.source for problem in summary.problems] == ["notes/坏.txt"]
        assert summary.documents == 6

    def test_two_generations_are_kept_and_the_older_can_be_published_again(self, own_index: Config) -> None:
        first = run(own_index).generation
        change_note(own_index, "第二版。")
        second = run(own_index).generation
        assert generations(own_index) == [first, second]
        assert rollback(own_index) == first
        assert_serving(own_index, first)
        with pytest.raises(IndexMissing, match="没有更早的"):
            rollback(own_index)
        change_note(own_index, "第三版。")
        third = run(own_index).generation
        assert generations(own_index) == [second, third]
        assert_serving(own_index, third)

    def test_a_clock_that_went_back_loses_nothing(self, own_index: Config) -> None:
        """Generations are named by time; the published one is kept whatever its name."""
        root = own_index.index_dir / generation.GENERATIONS
        (old,) = root.iterdir()
        for year in ("2998", "2999"):
            shutil.copytree(old, root / f"{year}0101T000000-future")
        change_note(own_index, "时钟倒退之后。")
        summary = run(own_index)
        assert_serving(own_index, summary.generation)
        assert len(generations(own_index)) == KEPT_GENERATIONS

    def test_rollback_without_an_index(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing):
            rollback(Config(index_dir=tmp_path / "nowhere"))


class TestFailures:
    def test_an_embedder_that_breaks_leaves_the_published_index_and_the_next_run_goes_on(
        self, own_index: Config
    ) -> None:
        published = run(own_index).generation
        for n in range(30):
            (own_index.kb_dir / "notes" / f"{n}.txt").write_text(f"第{n}份记录。" * 20, encoding="utf-8")
        with pytest.raises(MemoryError):
            run(own_index, FakeModel(FailingEmbedder(good=10)))
        assert_serving(own_index, published)
        assert generations(own_index) == [published]
        summary = run(own_index)
        assert_serving(own_index, summary.generation)
        assert summary.documents == 36

    def test_an_embedder_of_wrong_vectors_is_not_published(self, own_index: Config) -> None:
        """Vectors that are not numbers find nothing, themselves neither: verification stops them."""

        class Broken(HashingEmbedder):
            def __init__(self) -> None:
                super().__init__()
                self.fingerprint = "hashing-broken"

            def embed_passages(self, passages, progress=None):  # type: ignore[no-untyped-def]
                return super().embed_passages(passages, progress) * 0.0

        published = run(own_index).generation
        change_note(own_index, "改了。")
        with pytest.raises(IndexDamaged, match="没有通过校验"):
            run(own_index, FakeModel(Broken()))
        assert_serving(own_index, published)
        assert generations(own_index) == [published]

    def test_what_a_killed_run_left_is_swept_away(self, own_index: Config) -> None:
        stale = own_index.index_dir / generation.GENERATIONS / "12345.staging"
        (stale / "vectors").mkdir(parents=True)
        (stale / "vectors" / "chunks.npy").write_bytes(b"half a file")
        (own_index.index_dir / "CURRENT.new").write_text("half", encoding="ascii")
        change_note(own_index, "改了。")
        summary = run(own_index)
        assert not stale.exists()
        assert_serving(own_index, summary.generation)
        assert not (own_index.index_dir / "CURRENT.new").exists()

    def test_a_damaged_published_generation_is_rebuilt_without_embedding(self, own_index: Config) -> None:
        directory = generation.published(own_index.index_dir)
        victim = directory / generation.VECTORS / "chunks.npy"
        content = bytearray(victim.read_bytes())
        content[-1] ^= 1
        victim.write_bytes(content)
        model = FakeModel()
        summary = run(own_index, model)
        assert summary.generation != directory.name
        assert "chunks.npy" in summary.plan.rebuild
        assert model.embedded == 0
        assert_serving(own_index, summary.generation)
