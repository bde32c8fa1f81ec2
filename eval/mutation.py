"""How many falsified sentences the checker catches, and how many true ones it flags: by kind of change."""

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval import texts
from eval.cases import CASES, Case
from eval.mutate import FIGURES, KINDS, REST, Vocabulary, mutants
from eval.run import Progress
from eval.score import score
from eval.systems import OwnSystem
from rag import Config, build_rag
from rag.chain import Rag
from rag.embedding import ConfiguredModel
from rag.generate import evidence_of, similarity_by
from rag.generation import published
from rag.lexical import LEXICON_FILES
from rag.retrieve import Corpus, open_corpus
from rag.types import Answer, Citation
from rag.verify import Checked, Evidence, Similarity, verify

SENTENCES = 300
"""Sentences of right answers that are taken."""
SHOWN = 30
"""Source sentences that stand beside each at the most, as a model is shown them."""
SHORTEST = 20
"""Characters of an answer's sentence that is taken."""
VERBATIM, TUNED, UNSEEN = "verbatim", "tuned", "unseen"
SETS = (VERBATIM, TUNED, UNSEEN)
"""Quoted sentences; paraphrases that the checker was tuned on; paraphrases that were written afterwards."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A true sentence with the source sentences among which its proof stands."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(slots=True)
class Tally:
    """Of one set: mutants caught and made by kind; true sentences flagged and all, with what was flagged."""

    caught: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    sentences: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrongly: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """Source sentences in the words of a good writer."""

    source: str
    quotes: tuple[str, ...]
    text: str
    set: str = TUNED


def load_paraphrases(path: Path = CASES / "paraphrases.jsonl") -> tuple[Paraphrase, ...]:
    """The paraphrases that were written by hand, of documents that the test split does not use."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(
        Paraphrase(
            row["source"], tuple(row["quotes"]), row["paraphrase"], UNSEEN if row.get("unseen", False) else TUNED
        )
        for row in rows
    )


def measure_mutations(config: Config, cases: Sequence[Case], progress: Progress) -> dict[str, Tally]:
    """The tally of every set, over the published index. Raises KbqaError where there is none."""
    directory = published(config.index_dir)
    corpus = open_corpus(directory)
    model = ConfiguredModel(config)
    rag = build_rag(config, model)
    try:
        samples = {
            VERBATIM: quoted_samples(rag, corpus, cases, progress),
            TUNED: paraphrased_samples(rag, corpus, TUNED),
            UNSEEN: paraphrased_samples(rag, corpus, UNSEEN),
        }
        similarity = similarity_by(model.load().embed_passages)
        vocabulary = vocabulary_of(corpus, directory / "lexical" / LEXICON_FILES[0])
        return {name: tally(each, vocabulary, similarity) for name, each in samples.items()}
    finally:
        rag.close()
        corpus.close()


def vocabulary_of(corpus: Corpus, words: Path) -> Vocabulary:
    """The names of a knowledge base: titles, issuers, and the words of its lexicon."""
    metas = corpus.catalog.metas.values()
    lexicon = [line.strip() for line in words.read_text(encoding="utf-8").splitlines()] if words.is_file() else []
    issuers = sorted({issuer for meta in metas for issuer in meta.issuer})
    return Vocabulary.of(sorted(set(corpus.catalog.titles.values())), issuers, lexicon)


def quoted_samples(rag: Rag, corpus: Corpus, cases: Sequence[Case], progress: Progress) -> list[Sample]:
    """Quoted sentences of right answers, as many as are wanted, each once."""
    found: dict[str, Sample] = {}
    for number, case in enumerate(cases, 1):
        response = OwnSystem(rag).ask(case)
        if response.answer is None or score(case, response).outcome != "right":
            continue
        evidence = tuple(evidence_of(corpus, response.answer)[:SHOWN])
        for sentence in response.answer.sentences:
            if sentence.verdict == "原文直引" and len(sentence.text) >= SHORTEST:
                found.setdefault(sentence.text, Sample(sentence.text, evidence))
        progress(texts.STAGE_MUTATIONS, number, len(cases))
    return sorted(found.values(), key=lambda sample: zlib.crc32(sample.text.encode()))[:SENTENCES]


def paraphrased_samples(rag: Rag, corpus: Corpus, name: str) -> list[Sample]:
    """The paraphrases of one half, each among the neighbours of its sources and what retrieval finds for it."""
    samples = []
    for number, paraphrase in enumerate(load_paraphrases(), 1):
        if paraphrase.set == name:
            citations = [_cited(corpus, number, paraphrase.source, quote) for quote in paraphrase.quotes]
            found = Answer(paraphrase.text, citations=tuple(citations), passages=rag.retrieve(paraphrase.text))
            samples.append(Sample(paraphrase.text, tuple(evidence_of(corpus, found)[:SHOWN])))
    return samples


def _cited(corpus: Corpus, number: int, source: str, quote: str) -> Citation:
    start = corpus.catalog.document(source).text.index(quote)
    return Citation(number, source, corpus.catalog.titles[source], "", quote, start, start + len(quote))


def tally(samples: Sequence[Sample], vocabulary: Vocabulary, similarity: Similarity) -> Tally:
    """Check every sentence as it is and with each thing changed that it offers."""
    result = Tally()
    for sample in samples:
        result.sentences += 1
        checked = verify(sample.text, sample.evidence, similarity)
        if not stands(checked):
            result.flagged += 1
            result.wrongly.append((sample.text, checked.faults))
        for kind, mutant in mutants(sample.text, vocabulary, zlib.crc32(sample.text.encode())).items():
            result.made[kind] += 1
            if stands(verify(mutant, sample.evidence, similarity)):
                result.missed.append((kind, mutant))
            else:
                result.caught[kind] += 1
    return result


def stands(checked: Checked) -> bool:
    """Whether a sentence is shown as it is, without a doubt; 无法核验 lets it pass, too."""
    return checked.verdict != "未见依据" and not checked.faults


def report_lines(tallies: Mapping[str, Tally]) -> list[str]:
    """The table to be printed: every kind and both groups of kinds by set, then the sentences flagged wrongly."""
    lines = [texts.MUTATION_HEAD.format(**{name: texts.MUTATION_SETS[name] for name in SETS})]
    groups = (*((kind, (kind,)) for kind in KINDS), ("figures", FIGURES), ("rest", REST))
    for name, kinds in groups:
        cells = {each: _share(tallies[each], kinds) for each in SETS}
        lines.append(texts.MUTATION_LINE.format(kind=texts.MUTATION_KINDS[name], **cells))
    flagged = {each: f"{tallies[each].flagged}/{tallies[each].sentences}" for each in SETS}
    lines.append(texts.MUTATION_LINE.format(kind=texts.MUTATION_KINDS["flagged"], **flagged))
    for each in SETS:
        missed = [texts.MUTATION_MISSED.format(kind=texts.MUTATION_KINDS[k], text=t) for k, t in tallies[each].missed]
        wrongly = [texts.MUTATION_WRONGLY.format(text=t, faults="；".join(f)) for t, f in tallies[each].wrongly]
        lines += [texts.MUTATION_DETAILS.format(name=texts.MUTATION_SETS[each]), *missed, *wrongly]
    return lines


def _share(tally: Tally, kinds: Sequence[str]) -> str:
    caught, made = (sum(counter[kind] for kind in kinds) for counter in (tally.caught, tally.made))
    return f"{caught}/{made}" + (f" {caught / made:.1%}" if made and len(kinds) > 1 else "")
