"""Question -> answer over a knowledge base: every sentence traced to a source sentence.

from rag import Config, build_rag
rag = build_rag(Config.from_env())
print(rag.ask("截至2024年底县域存贷比是多少？").text)
"""

from typing import TYPE_CHECKING

from rag.config import Config
from rag.errors import KbqaError
from rag.types import (
    Answer,
    AnswerSentence,
    Chunk,
    Citation,
    Document,
    DocumentMeta,
    Filters,
    Passage,
    Sentence,
    Trace,
    Turn,
)

__all__ = [
    "Answer",
    "AnswerSentence",
    "Chunk",
    "Citation",
    "Config",
    "Document",
    "DocumentMeta",
    "Filters",
    "KbqaError",
    "Passage",
    "Rag",
    "Sentence",
    "Trace",
    "Turn",
    "build_rag",
]


if TYPE_CHECKING:
    from rag.chain import Rag, build_rag


def __getattr__(name: str) -> object:
    """`build_rag` and `Rag` load the libraries on first use, so that importing types stays light."""
    if name in {"build_rag", "Rag"}:
        from rag import chain

        return getattr(chain, name)
    raise AttributeError(name)
