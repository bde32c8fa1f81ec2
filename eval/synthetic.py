"""A knowledge base of any size: county regulations that never were, article by article, with questions to them."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GRAMMAR = Path(__file__).with_suffix(".json")
ARTICLES = 50
"""Articles of one regulation; an article is one chunk."""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """What was written: how many files, articles and characters, and questions that each ask for one article."""

    files: int
    articles: int
    characters: int
    questions: tuple[str, ...]


def write_corpus(directory: Path, articles: int, questions: int, seed: int = 0) -> Synthetic:
    """Write regulations with `articles` articles in all under `directory`; the same seed writes the same texts."""
    grammar = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    random_ = random.Random(seed)
    directory.mkdir(parents=True)
    asked: list[str] = []
    characters = files = 0
    each = -(-questions * ARTICLES // articles)
    for first in range(0, articles, ARTICLES):
        text, facts = _regulation(grammar, random_, min(ARTICLES, articles - first))
        (directory / f"{files:05d}.md").write_text(text, encoding="utf-8")
        characters, files = characters + len(text), files + 1
        chosen = random_.sample(facts, min(each, len(facts)))
        asked.extend(grammar["question"].format(**fact) for fact in chosen)
    random_.shuffle(asked)
    return Synthetic(files, articles, characters, tuple(asked[:questions]))


def _regulation(grammar: dict[str, Any], random_: random.Random, articles: int) -> tuple[str, list[dict[str, str]]]:
    """The text of one regulation, and what each article says of which product."""
    pick = random_.choice
    county = pick(grammar["syllables_first"]) + pick(grammar["syllables_last"]) + pick(grammar["units"])
    year = str(random_.randint(2012, 2025))
    title = grammar["title"].format(
        county=county, topic=pick(grammar["topics"]), year=year, serial=random_.randint(1, 99)
    )
    lines, facts = [grammar["front_matter"].format(title=title, county=county, year=year) + f"# {title}"], []
    for number in range(1, articles + 1):
        product, (attribute, rule) = pick(grammar["products"]), pick(grammar["attributes"])
        facts.append({"county": county, "product": product, "attribute": attribute})
        said = grammar["lead"].format(county=county, product=product, rule=_filled(rule, grammar, random_))
        more = _filled(pick(grammar["sentences"]), grammar, random_)
        lines.append(grammar["article"].format(number=number, first=said, second=more))
    return "\n\n".join(lines) + "\n", facts


def _filled(pattern: str, grammar: dict[str, Any], random_: random.Random) -> str:
    """A sentence pattern with every slot filled; conditions have slots of their own."""
    slots = {
        "agency": random_.choice(grammar["agencies"]),
        "agency2": random_.choice(grammar["agencies"]),
        "duty": random_.choice(grammar["duties"]),
        "product": random_.choice(grammar["products"]),
        "kind": random_.choice(grammar["kinds"]),
        "percent": f"{random_.randint(5, 950) / 10:g}%",
        "money": str(random_.randint(1, 90) * random_.choice((1, 5, 10, 50))),
        "grade": random_.choice(("A", "AA", "AAA", "B")),
    }
    for name, low, high in (("years", 1, 20), ("days", 1, 30), ("month", 1, 12), ("months", 1, 6), ("points", 5, 90)):
        slots[name] = str(random_.randint(low, high))
    slots["year"] = str(random_.randint(2012, 2025))
    for name in ("condition", "condition2"):
        slots[name] = random_.choice(grammar["conditions"]).format(**slots)
    return pattern.format(**slots)
