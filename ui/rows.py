"""Quoted rows of one table, shown as a table again."""

from collections.abc import Iterator, Mapping, Sequence

from rag.tables import EMPTY, cells
from rag.types import AnswerSentence, Citation
from ui.document_html import plain
from ui.markup import escape, tag

FEWEST = 2


def runs(
    sentences: Sequence[AnswerSentence], by_number: Mapping[int, Citation]
) -> Iterator[tuple[str, list[AnswerSentence]]]:
    """(header row, sentences) for each stretch of rows of one table, ('', sentences) for what stands between.

    A stretch ends before words of ours that lead another row in.
    """
    run: list[AnswerSentence] = []
    table = ("", "")
    for sentence in sentences:
        row = _row(sentence, by_number)
        own = (row.source, row.header) if row else ("", "")
        if run and (own != table or sentence.lead):
            yield (table[1] if len(run) >= FEWEST else ""), run
            run = []
        run, table = [*run, sentence], own
    if run:
        yield (table[1] if len(run) >= FEWEST else ""), run


def rows_table(
    header: str, sentences: Sequence[AnswerSentence], by_number: Mapping[int, Citation], cited: Sequence[str]
) -> str:
    """The rows under their column names; `cited` are the citation marks of each, columns without a value left out."""
    names = cells(header)
    rows = [cells(row.quote) for sentence in sentences if (row := _row(sentence, by_number))]
    kept = [i for i in range(len(names)) if any(row[i] not in EMPTY for row in rows)]
    head = tag("tr", *(tag("th", escape(plain(names[i])), scope="col") for i in kept))
    body = [
        tag("tr", *(tag("td", escape(plain(row[i])), marks if i == kept[-1] else "") for i in kept))
        for row, marks in zip(rows, cited, strict=True)
    ]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="kb-table", tabindex="0")


def _row(sentence: AnswerSentence, by_number: Mapping[int, Citation]) -> Citation | None:
    """The citation of a quoted row whose cells fit its column names."""
    first = by_number.get(sentence.citations[0]) if sentence.citations and not sentence.written else None
    fits = first and first.header and len(cells(first.header)) == len(cells(first.quote))
    return first if fits else None
