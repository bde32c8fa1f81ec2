"""The bundled tokenizer without the scripts that Chinese finance texts do not use."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from rag.normalise import HAN

SEEN = 2
KEPT = re.compile(rf"▁?[{HAN}]+|▁?[\x21-\x7e]{{1,2}}|▁|▁?[。，、；：？！（）《》〈〉“”‘’—…·％〔〕【】○〇①-⑳≥≤±×÷℃‰￥]")
SPECIAL = 4
"""The first pieces: begin, padding, end, unknown."""


def pruned(definition: str, texts: Iterable[str]) -> tuple[str, list[int]]:
    """The tokenizer with Chinese pieces, short ASCII ones and those seen in the texts; and their old ids in order."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(definition)
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(text, add_special_tokens=False).ids)
    parts: dict[str, Any] = json.loads(definition)
    pieces = parts["model"]["vocab"]
    kept = [i for i, (piece, _) in enumerate(pieces) if i < SPECIAL or counts[i] >= SEEN or KEPT.fullmatch(piece)]
    parts["model"]["vocab"] = [pieces[i] for i in kept]
    place = {old: new for new, old in enumerate(kept)}
    parts["model"]["unk_id"] = place[parts["model"]["unk_id"]]
    parts["post_processor"] = None
    parts["added_tokens"] = []
    return json.dumps(parts, ensure_ascii=False), kept
