"""Texts and questions: what public reading comprehension, our own questions and public law give to train on."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FRONT_MATTER = "---\ntitle: {title}\n---\n"
OTHER_CHAPTER = re.compile(r"(?ms)^## 2 .*?(?=^## 3 )")
"""The paper's second chapter belongs to the frozen test questions."""
FACT = re.compile(
    r"(?:截至)?(?P<period>\d{4}年(?:\d{1,2}月)?(?:末|底|上半年|前三季度|[一二三四]季度(?:末)?)?)，"
    r"(?P<subject>[^，。；、|（）\d]{4,26}?)(?:为|达到|达)?(?P<value>\d[\d.]*(?:万亿元|亿元|万元|万户|万亿|%))"
)
LIMIT = re.compile(
    r"(?P<subject>[^，。；|]{4,30}?)(?P<relation>不超过|不低于|不少于|不得超过|不得低于|原则上不超过|最高不超过|最长不超过)"
    r"(?P<value>[\d.]+(?:万元|亿元|%|年|个月|倍|个工作日|日))"
)
ASKED = (
    "{period}{subject}是多少？",
    "{period}，{subject}多少？",
    "{subject}在{period}是多少",
    "{period}{subject}有多少",
)
LIMITED = ("{subject}{relation}多少？", "{subject}有什么限额？", "{subject}最多（最少）是多少")
ATTRIBUTES = ("的同比增速", "的不良率", "的贷款户数", "的平均利率", "的全国排名", "比上月增加额", "的计划目标")
FURTHER = ("超过以后怎么处罚", "由谁审批", "的利率是多少", "从哪天起执行", "需要什么材料")

HERE = Path(__file__).resolve().parent
PUBLIC = {
    "drcd-a": "drcd/DRCD_dev.json",
    "drcd-b": "drcd/DRCD_test.json",
    "squad": "squad2_zh_mt/dev-v2.0-zh.json",
}
LAWS_HELD_OUT = {
    "law_shangye_yinhang_2015",
    "law_xiangcun_zhenxing_cujinfa_2021",
    "local_zhejiang_difang_jinrong_2020",
    "reg_nongye_baoxian_tiaoli_2016",
}
"""Laws whose digests belong to the frozen test questions."""
VERSIONS = (
    {"laws/2018_yihao_wenjian_fulltext.md", "policies/2018年中央一号文件-实施乡村振兴战略的意见.md"},
    {"laws/local_shandong_difang_jinrong_2016.md", "policies/山东省地方金融条例.md"},
    {"laws/reg_rongzi_danbao_tiaoli_2017.md", "policies/国务院令第683号-融资担保公司监督管理条例.md"},
    {"laws/reg_zhengxinye_2013.md", "policies/征信业管理条例.md"},
)
"""A law and its digest: what one says the other says too, in other words."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to a document: `answer` stands in `quote`, or, if it is empty, the quote is close and silent."""

    text: str
    source: str
    kind: str
    answer: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents by the name of their file, and the questions put to them."""

    documents: dict[str, str]
    questions: tuple[Question, ...]


def reading_comprehension(path: Path, name: str) -> Corpus:
    """A file in the layout of SQuAD; one document a paragraph. The quote is what surrounds the answer."""
    documents: dict[str, str] = {}
    questions: list[Question] = []
    for entry in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in entry["paragraphs"]:
            source = f"{name}/{len(documents):05}.md"
            text = paragraph["context"]
            documents[source] = FRONT_MATTER.format(title=json.dumps(entry["title"], ensure_ascii=False)) + text
            for asked in paragraph["qas"]:
                questions.extend(_asked(asked, text, source, name))
    return Corpus(documents, tuple(questions))


def _asked(asked: dict[str, object], text: str, source: str, name: str) -> Iterator[Question]:
    question = str(asked["question"])
    answers = asked.get("answers") or []
    if asked.get("is_impossible"):
        yield Question(question, source, f"{name}-silent")
    elif answers:
        answer = answers[0]  # type: ignore[index]
        start, words = answer["answer_start"], answer["text"]
        if words and text[start : start + len(words)] == words:
            yield Question(question, source, name, words, sentence_at(text, start))


def sentence_at(text: str, position: int) -> str:
    """The sentence of a text in which a position lies."""
    before = max(text.rfind(stop, 0, position) for stop in "。！？；\n")
    ends = [end for stop in "。！？；\n" if (end := text.find(stop, position)) >= 0]
    return text[before + 1 : min(ends, default=len(text) - 1) + 1].strip()


def public_corpus(folder: Path) -> Corpus:
    """DRCD and the machine-translated SQuAD 2.0."""
    found = [reading_comprehension(folder / place, name) for name, place in PUBLIC.items()]
    documents = {source: text for corpus in found for source, text in corpus.documents.items()}
    return Corpus(documents, tuple(question for corpus in found for question in corpus.questions))


def own_corpus(kb: Path, laws: Path, chance: random.Random) -> Corpus:
    """Our texts and public laws, the questions that we wrote about them, and those made of their figures."""
    documents = own_documents(kb, laws)
    questions = [*own_questions(HERE / "questions")]
    for source, text in documents.items():
        questions += facts(source, text, chance)
    return Corpus(documents, tuple(questions))


def own_documents(kb: Path, laws: Path) -> dict[str, str]:
    """Policies, statistics, the paper without its second chapter, and laws of which no digest is held out."""
    lists = (kb.parent / "eval" / "cases" / "test_documents.txt", HERE / "held_out.txt")
    left_out = {source for path in lists for source in path.read_text(encoding="utf-8").split("\n")}
    found = {}
    for path in sorted(kb.rglob("*.md")):
        source = path.relative_to(kb).as_posix()
        if source not in left_out and path.name != "README.md" and not source.startswith("lexicon"):
            found[source] = OTHER_CHAPTER.sub("", path.read_text(encoding="utf-8"))
    for path in sorted(laws.glob("*.txt")):
        if path.stem not in LAWS_HELD_OUT:
            found[f"laws/{path.stem}.md"] = path.read_text(encoding="utf-8")
    return found


def own_questions(folder: Path) -> Iterator[Question]:
    """Our questions with their silent twins; training/README.md has the layout."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            source = row["source"].replace(".txt", ".md")
            for text in row["ask"]:
                yield Question(text, source, "own", row["answer"], row["quote"])
            for text in row["silent"]:
                yield Question(text, source, "own-silent", "", row["quote"])


def facts(source: str, text: str, chance: random.Random) -> Iterator[Question]:
    """For every stated figure a question and silent ones of another period, attribute or step."""
    for found in FACT.finditer(text):
        yield Question(chance.choice(ASKED).format(**found.groupdict()), source, "fact", found["value"], found[0])
        year = int(found["period"][:4])
        other = next((str(y) for y in (year - 1, year + 1, year - 2, year + 2) if str(y) not in text), "")
        if other:
            wording = chance.choice(ASKED).format(period=other + found["period"][4:], subject=found["subject"])
            yield Question(wording, source, "fact-twin", "", found[0])
        unsaid = [attribute for attribute in ATTRIBUTES if attribute.strip("的") not in text]
        if unsaid:
            wording = f"{found['period']}{found['subject'].removesuffix('为')}{chance.choice(unsaid)}是多少？"
            yield Question(wording, source, "fact-twin", "", found[0])
    for found in LIMIT.finditer(text):
        yield Question(chance.choice(LIMITED).format(**found.groupdict()), source, "fact", found["value"], found[0])
        yield Question(f"{found['subject']}{chance.choice(FURTHER)}？", source, "fact-twin", "", found[0])
