"""What the weights can do on reading comprehension that they never saw: the sentence, the span, the silence."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rag.network import load_network, padded, run_network
from rag.reader import WINDOW, Window, encoded
from training.examples import Example, Progress, read_examples

BATCH = 32
LONGEST = 40
"""Tokens of a span at most."""
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Found:
    """The best window of a text: its score, the sentence in which the likeliest span begins, and that span.

    The score is the relevance logit plus half the span's log odds against silence.
    """

    relevance: float
    sentence: int
    span: str


def measure(work: Path, weights: Path, progress: Progress) -> str:
    """A JSON object of figures by corpus over the held-out questions."""
    network, tokenizer = load_network(weights)
    network.to(torch.bfloat16)
    examples = read_examples(work / "held_out.jsonl")
    found = []
    for number, example in enumerate(examples, 1):
        found.append(read_text(network, tokenizer, example))
        progress("evaluate", number, len(examples))
    return json.dumps(figures(examples, found), ensure_ascii=False, indent=1)


def figures(examples: Sequence[Example], found: Sequence[Found]) -> dict[str, dict[str, float | None]]:
    """Right sentence, exact match and character F1 where the text answers; AUC of relevance against each silence."""
    by_kind: dict[str, list[tuple[Example, Found]]] = defaultdict(list)
    for example, reading in zip(examples, found, strict=True):
        by_kind[example.kind].append((example, reading))
    result: dict[str, dict[str, float | None]] = {}
    for kind, pairs in sorted(by_kind.items()):
        if pairs[0][0].answer:
            golds = [e.sentences[e.answer[0]][e.answer[1] : e.answer[2]] for e, _ in pairs]
            result[kind] = {
                "n": len(pairs),
                "sentence": float(
                    np.mean([g in e.sentences[f.sentence] for g, (e, f) in zip(golds, pairs, strict=True)])
                ),
                "exact": float(np.mean([g == f.span for g, (_, f) in zip(golds, pairs, strict=True)])),
                "f1": float(np.mean([overlap(g, f.span) for g, (_, f) in zip(golds, pairs, strict=True)])),
            }
        else:
            base = kind.removesuffix("-mined").removesuffix("-removed").removesuffix("-silent")
            answered = [f.relevance for e, f in by_kind[base]]
            result[kind] = {"n": len(pairs), "auc": area(answered, [f.relevance for _, f in pairs])}
    return result


def read_text(network: Any, tokenizer: Any, example: Example) -> Found:
    """Read a text in windows that overlap by a sentence; the best window by relevance has the word."""
    cuts = list(windows(example.sentences))
    coded = [encoded(tokenizer, example.question, Window(example.context, example.sentences[a:b])) for a, b in cuts]
    batch = padded([(ids, types) for ids, types, *_ in coded], tokenizer.token_to_id("<pad>"))
    with torch.inference_mode():
        relevance, span = run_network(network, batch)
    best, top = 0, -1e9
    for i in range(len(cuts)):
        start, end = span[i, 0].log_softmax(-1), span[i, 1].log_softmax(-1)
        score = float(relevance[i]) + 0.5 * float(start[1:].max() - start[0] + end[1:].max() - end[0])
        if score > top:
            best, top = i, score
    _, _, offsets, begin = coded[best]
    first, last = best_span(span[best], offsets, begin)
    text = f"{example.context}\n{''.join(example.sentences[cuts[best][0] : cuts[best][1]])}"
    position, sentence = offsets[first][0] - begin, cuts[best][0]
    while sentence + 1 < cuts[best][1] and position >= len(example.sentences[sentence]):
        position -= len(example.sentences[sentence])
        sentence += 1
    return Found(top, sentence, text[offsets[first][0] : offsets[last][1]].strip())


def best_span(logits: torch.Tensor, offsets: Sequence[tuple[int, int]], begin: int) -> tuple[int, int]:
    """First and last token of the likeliest span of the window's text; the sign for silence is left aside."""
    worded = torch.zeros(logits.shape[1], dtype=torch.bool)
    worded[[i for i, (a, b) in enumerate(offsets) if b > max(a, begin)]] = True
    start, end = (side.masked_fill(~worded, NEVER) for side in logits)
    every = torch.ones(len(start), len(start), dtype=torch.bool)
    sums = (start[:, None] + end[None, :]).masked_fill(~(every.triu() & ~every.triu(LONGEST)), 3 * NEVER)
    return divmod(int(sums.argmax()), len(start))


def windows(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of sentences within the window, each beginning with the last one of the run before."""
    first = 0
    while True:
        last, length = first + 1, len(sentences[first])
        while last < len(sentences) and length + len(sentences[last]) <= WINDOW:
            length += len(sentences[last])
            last += 1
        yield first, last
        if last >= len(sentences):
            return
        first = last - 1 if last - 1 > first else last


def overlap(gold: str, found: str) -> float:
    """F1 of characters, as DRCD and CMRC count it."""
    common = sum((Counter(gold) & Counter(found)).values())
    return 2 * common / (len(gold) + len(found)) if common else 0.0


def area(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Chance that an answered question scores above a silent one (area under the ROC curve); None without either.

    Ties count half.
    """
    if not inside or not outside:
        return None
    order = np.searchsorted(np.sort(outside), inside, "left") + np.searchsorted(np.sort(outside), inside, "right")
    return float(order.mean() / (2 * len(outside)))
