"""What must hold of every answer, whatever was asked."""

from rag.catalog import Catalog
from rag.types import Answer


def assert_sound(answer: Answer, catalog: Catalog) -> None:
    """Exact quotes, cited sentences, layers that do not mix, and a text that shows all of it."""
    assert answer.done
    if not answer.found:
        assert answer.reason
        assert answer.sentences == answer.citations == ()
        return
    assert answer.sentences
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        document = catalog.document(citation.source)
        assert document.text[citation.start : citation.end] == citation.quote != ""
        assert (citation.title, citation.meta) == (document.title, document.meta)
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations, sentence.text
        assert {by_number[number].meta.group for number in sentence.citations} == {sentence.layer}
        assert sentence.text in answer.text
        assert sentence.lead in answer.text
    layers = [sentence.layer for sentence in answer.sentences]
    starts = [layer for layer, before in zip(layers, ["", *layers], strict=False) if layer != before]
    assert len(starts) == len(set(starts)), starts
    assert {number for sentence in answer.sentences for number in sentence.citations} == set(by_number)
    for notice in answer.notices:
        assert notice in answer.text
