"""A knowledge base of any size: always the same, never twice the same article, and its questions are answerable."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval.synthetic import ARTICLES, GRAMMAR, Synthetic, write_corpus
from ingest.build import ingest
from rag import generation
from rag.config import Config
from tests.fakes import FakeModel

ARTICLE = re.compile(r"(?m)^第(\d+)条 (.+)$")


@pytest.fixture(scope="module")
def grammar() -> dict[str, Any]:
    return dict(json.loads(GRAMMAR.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Synthetic]:
    directory = tmp_path_factory.mktemp("synthetic") / "kb"
    return directory, write_corpus(directory, 1020, 200)


def files(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.iterdir())}


def articles(directory: Path) -> list[str]:
    return [said for text in files(directory).values() for _, said in ARTICLE.findall(text)]


def test_the_same_seed_writes_the_same(tmp_path: Path) -> None:
    first, again = write_corpus(tmp_path / "1", 120, 30), write_corpus(tmp_path / "2", 120, 30)
    assert first == again
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_another_seed_another_text(tmp_path: Path) -> None:
    write_corpus(tmp_path / "1", 120, 30, seed=0)
    write_corpus(tmp_path / "2", 120, 30, seed=1)
    assert not set(articles(tmp_path / "1")) & set(articles(tmp_path / "2"))


def test_what_it_says_is_what_it_wrote(written: tuple[Path, Synthetic]) -> None:
    directory, corpus = written
    texts = files(directory)
    assert corpus.files == len(texts) == -(-1020 // ARTICLES)
    assert corpus.articles == len(articles(directory)) == 1020
    assert corpus.characters == sum(map(len, texts.values()))
    assert len(corpus.questions) == 200


@pytest.mark.parametrize("count", [1, 7, ARTICLES, ARTICLES + 1])
def test_articles_are_numbered_from_one_in_every_file(tmp_path: Path, count: int) -> None:
    corpus = write_corpus(tmp_path / "kb", count, 5)
    numbers = [[int(n) for n, _ in ARTICLE.findall(text)] for text in files(tmp_path / "kb").values()]
    assert sum(map(len, numbers)) == count
    assert all(found == list(range(1, len(found) + 1)) for found in numbers)
    assert len(corpus.questions) == min(5, count)


def test_no_text_is_written_twice(written: tuple[Path, Synthetic]) -> None:
    directory, _ = written
    texts, said = files(directory), articles(directory)
    assert len(set(texts.values())) == len(texts)
    assert len(set(said)) == len(said)


def test_every_slot_is_filled(written: tuple[Path, Synthetic]) -> None:
    directory, corpus = written
    assert not re.search(r"[{}]", "".join(files(directory).values()) + "".join(corpus.questions))


def test_questions_are_answerable_from_one_article(written: tuple[Path, Synthetic], grammar: dict[str, Any]) -> None:
    directory, corpus = written
    said = articles(directory)
    for question in corpus.questions:
        county, product, attribute = asked_for(question, grammar)
        rule = dict(grammar["attributes"])[attribute].split("{")[0]
        assert any(county in text and product in text and rule in text for text in said), question


def asked_for(question: str, grammar: dict[str, Any]) -> tuple[str, str, str]:
    """County, product and attribute of a question."""
    place, _, attribute = question.removesuffix("是多少？").rpartition("的")
    product = max((product for product in grammar["products"] if place.endswith(product)), key=len)
    return place.removesuffix(product), product, attribute


def test_questions_ask_for_articles_of_many_files(written: tuple[Path, Synthetic], grammar: dict[str, Any]) -> None:
    _, corpus = written
    assert len({asked_for(question, grammar)[0] for question in corpus.questions}) >= 15


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        write_corpus(tmp_path, 10, 5)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> generation.Manifest:
    root = tmp_path_factory.mktemp("synthetic_index")
    write_corpus(root / "kb", 120, 5)
    config = Config(kb_dir=root / "kb", index_dir=root / "index", cache_dir=root / "cache")
    summary = ingest(config, lambda *_: None, model=FakeModel())
    assert not summary.problems
    return generation.read_manifest(generation.published(config.index_dir))


def test_an_article_is_one_chunk(index: generation.Manifest) -> None:
    """Sizes are given in chunks: a heading more or less a file does not matter."""
    assert index.documents == 3
    assert index.chunks == pytest.approx(120, abs=2 * 3)
