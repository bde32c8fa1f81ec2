"""Is what was asked for in the text, and does the text hold more than its sources? Pure functions of strings."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.normalise import fold, unscarred
from rag.quantity import Quantity, contains, quantities

SUPPORT = 0.6
"""Share of a sentence's character pairs that its citations must hold; the proxy for entailment of our ALCE scores."""
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
BRACKETS = str.maketrans("〔[【（〕]】）", "(((())))")
DIGITS_APART = re.compile(r"(?<=\d)\s*[|\n][\s|]*(?=\d)")
NOT_TEXT = re.compile(r"<sup>.*?</sup>|\*\*|[\s|]")
PUNCTUATION = re.compile(r"[^\w%‰.]")
SENTENCE_END = re.compile(r"(?<=[。！？；\n])")
CITED = re.compile(r"\[\d+\]")
TENOR = re.compile(r"(?<=\d)(年|个月)期")
"""1年期 is a term of 1年."""
SHORTEST_EVIDENCE = 4


def squeezed(text: str) -> str:
    """The form in which quotes are compared: no white space, Markdown emphasis, table bars or footnote signs."""
    return NOT_TEXT.sub("", unicodedata.normalize("NFKC", text)).lower()


def compared(text: str) -> str:
    """The form in which values are compared: folded, one kind of bracket, ISO dates written out.

    Figures of two lines or of two cells of a table stay two.
    """
    dated = ISO_DATE.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    return squeezed(DIGITS_APART.sub(";", fold(dated)).translate(BRACKETS))


def has_value(text: str, wordings: Iterable[str]) -> bool:
    """Whether the text holds the value in one of its wordings; figures count in any notation of the same unit."""
    shown = compared(text)
    held = quantities(shown)
    return any(_has_wording(shown, held, compared(wording)) for wording in wordings)


def _has_wording(shown: str, held: Sequence[Quantity], wording: str) -> bool:
    figures = quantities(wording)
    if not figures:
        return bool(wording) and wording in shown
    if re.search(rf"(?<![\d.])(?<!\d,){re.escape(wording)}(?![.,]?\d)", shown):
        return True
    words = wording
    for figure in figures:
        words = words.replace(figure.text, " ")
    runs = (held[first : first + len(figures)] for first in range(len(held) - len(figures) + 1))
    together = any(all(map(Quantity.equals, figures, run)) for run in runs)  # 3月1日 is not 3月5日 and 2月1日
    return together and all(word in shown for word in words.split())


def unsupported_figures(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    """Quantities of a text that none of its sources holds, as written; `[n]` marks don't count."""
    pool = [q for source in sources for q in quantities(TENOR.sub(r"\1", compared(source)))]
    said = quantities(TENOR.sub(r"\1", compared(CITED.sub("", text))))
    return tuple(q.text for q in said if not contains(pool, q))


def support(sentence: str, cited: str) -> float:
    """Share of a sentence's character pairs that the cited text holds, 0 where it lacks one of its figures."""
    if unsupported_figures(sentence, [cited]):
        return 0.0
    own, source = PUNCTUATION.sub("", compared(unscarred(sentence))), PUNCTUATION.sub("", compared(unscarred(cited)))
    pairs = {own[i : i + 2] for i in range(len(own) - 1)}
    return sum(pair in source for pair in pairs) / len(pairs) if pairs else float(own in source)


@dataclass(frozen=True, slots=True)
class CitationScore:
    """ALCE (Gao et al. 2023): sentences that their citations support; citations that are needed."""

    precision: float
    recall: float


def citation_score(sentences: Sequence[tuple[str, Sequence[str]]]) -> CitationScore:
    """From (sentence, texts cited for it): entailment is `support` of at least 0.6."""
    supported = useful = cited_in_all = 0
    for sentence, cited in sentences:
        cited_in_all += len(cited)
        if not cited or support(sentence, "\n".join(cited)) < SUPPORT:
            continue
        supported += 1
        for index, text in enumerate(cited):
            rest = "\n".join((*cited[:index], *cited[index + 1 :]))
            useful += support(sentence, text) >= SUPPORT or support(sentence, rest) < SUPPORT
    return CitationScore(
        useful / cited_in_all if cited_in_all else 0.0, supported / len(sentences) if sentences else 0.0
    )


def evidence_recall(returned: Sequence[str], quotes: Sequence[str]) -> float:
    """Share of the quotes' sentences that the returned characters hold (RAGEval's recall, any chunking)."""
    held = squeezed("\n".join(returned))
    parts = [part for quote in quotes for part in map(squeezed, SENTENCE_END.split(quote))]
    wanted = [part for part in parts if len(part) >= SHORTEST_EVIDENCE] or [part for part in parts if part]
    return sum(part in held for part in wanted) / len(wanted) if wanted else 0.0


def character_f1(text: str, wordings: Iterable[str]) -> float:
    """Best character F1 against the wordings, as CMRC and DRCD score free answers."""
    own = Counter(PUNCTUATION.sub("", compared(text)))
    best = 0.0
    for wording in wordings:
        gold = Counter(PUNCTUATION.sub("", compared(wording)))
        common = sum((own & gold).values())
        if common:
            precision, recall = common / sum(own.values()), common / sum(gold.values())
            best = max(best, 2 * precision * recall / (precision + recall))
    return best
