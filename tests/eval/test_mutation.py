"""What the checker catches of changed sentences, over the paraphrases of the knowledge base."""

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest

from eval.cases import CASES
from eval.mutate import FIGURES, REST, Vocabulary
from eval.mutation import SETS, Paraphrase, Sample, Tally, load_paraphrases, report_lines, stands, tally
from rag.normalise import fold
from rag.types import Sentence
from rag.verify import Checked, Evidence

VOCABULARY = Vocabulary.of(
    ("商业银行法", "存款保险条例"), ("财政部", "中国人民银行"), ("涉农贷款", "农户贷款", "融资担保", "再担保")
)
PARAPHRASES = load_paraphrases()


def even(_: str, others: Sequence[str]) -> list[float]:
    return [0.0] * len(others)


def evidence(source: str, quote: str) -> Evidence:
    return Evidence(source, Sentence(0, len(quote), quote), "一组", fold(PurePosixPath(source).stem))


def sample(paraphrase: Paraphrase) -> Sample:
    """A paraphrase among its own quotes, others of its source, and strangers."""
    same = [p for p in PARAPHRASES if p.source == paraphrase.source]
    others = [p for p in PARAPHRASES if p.source != paraphrase.source]
    beside = [*same[:6], *others[:: max(1, len(others) // 10)]]
    quotes = dict.fromkeys(
        [(paraphrase.source, q) for q in paraphrase.quotes] + [(p.source, q) for p in beside for q in p.quotes]
    )
    return Sample(paraphrase.text, tuple(evidence(source, quote) for source, quote in quotes))


@pytest.fixture(scope="module")
def tallied() -> Tally:
    return tally([sample(paraphrase) for paraphrase in PARAPHRASES[::3]], VOCABULARY, even)


def test_changed_figures_are_caught(tallied: Tally) -> None:
    caught, made = (sum(counter[kind] for kind in FIGURES) for counter in (tallied.caught, tallied.made))
    assert made > 100
    assert caught / made >= 0.98, tallied.missed


def test_other_changes_are_caught(tallied: Tally) -> None:
    caught, made = (sum(counter[kind] for kind in REST) for counter in (tallied.caught, tallied.made))
    assert made > 100
    assert caught / made >= 0.93, tallied.missed


def test_true_sentences_stand(tallied: Tally) -> None:
    assert tallied.flagged / tallied.sentences <= 0.03, tallied.wrongly


def test_no_paraphrase_is_of_a_document_of_the_test_split() -> None:
    kept_apart = set((CASES / "test_documents.txt").read_text(encoding="utf-8").split("\n"))
    assert not [p.source for p in PARAPHRASES if p.source in kept_apart]


def test_what_stands() -> None:
    assert stands(Checked("x", "改写有据", (0,)))
    assert stands(Checked("x", "无法核验"))
    assert not stands(Checked("x", "未见依据"))
    assert not stands(Checked("x", "原文直引", (0,), faults=("改了",)))


def test_the_table_names_what_was_missed() -> None:
    one = tally([], VOCABULARY, even)
    one.made["digit"], one.caught["digit"], one.sentences = 2, 1, 1
    one.missed.append(("digit", "余额为6亿元。"))
    lines = report_lines(dict.fromkeys(SETS, one))
    assert any("1/2" in line for line in lines)
    assert any("余额为6亿元。" in line for line in lines)
