"""The refusal level is measured on the very index that is published."""

from statistics import median

from rag import generation
from rag.config import Config


def test_foreign_questions_score_lower_than_the_texts_own(small_index: Config) -> None:
    manifest = generation.read_manifest(generation.published(small_index.index_dir))
    levels = manifest.calibration
    assert len(levels.out_of_scope) == 4, "one score for each line of lexicon/calibration_out_of_scope.txt"
    assert levels.in_scope
    assert list(levels.in_scope) == sorted(levels.in_scope)
    assert median(levels.in_scope) > median(levels.out_of_scope)
    assert min(levels.out_of_scope) <= levels.threshold <= max(levels.in_scope)
