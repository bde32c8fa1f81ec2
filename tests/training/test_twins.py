"""Twins: one word is another one, and the text does not hold it."""

import random

import pytest

from training.corpora import Question
from training.twins import twins

SEEDS = range(40)
YEARS_BUT_2022 = "2021年、2023年、2024年、2025年、2026年、2027年"
MONTHS_BUT_9 = "".join(f"{month}月" for month in range(1, 13) if month != 9)


def asked(text: str, kind: str = "own") -> Question:
    return Question(text, "a.md", kind, "45.1亿元", "余额为45.1亿元")


def wordings(question: str, text: str) -> set[str]:
    """All twins that chance makes of a question."""
    return {twin.text for seed in SEEDS for twin in twins(asked(question), text, random.Random(seed))}


class TestOneWordIsAnother:
    def test_year(self) -> None:
        assert wordings("2024年末存款多少？", YEARS_BUT_2022) == {"2022年末存款多少？"}

    def test_year_near_the_asked_one(self) -> None:
        years = (2021, 2022, 2023, 2025, 2026, 2027)
        assert wordings("2024年末存款多少？", "2024年") == {f"{year}年末存款多少？" for year in years}

    def test_month(self) -> None:
        text = YEARS_BUT_2022 + "2022年" + MONTHS_BUT_9
        assert wordings("2024年5月末存款多少？", text) == {"2024年9月末存款多少？"}

    def test_every_month_is_taken(self) -> None:
        assert wordings("2024年5月末存款多少？", YEARS_BUT_2022 + "2022年" + MONTHS_BUT_9 + "9月") == set()

    def test_article(self) -> None:
        made = wordings("第五条规定了什么？", "第五条 保险机构应当查勘。")
        assert len(made) > 10
        assert "第五条规定了什么？" not in made
        assert all(wording.startswith("第") and wording.endswith("条规定了什么？") for wording in made)

    def test_place(self) -> None:
        held = "山东 浙江 江苏 广东 四川 河南 湖南 安徽 福建 贵州 陕西 湖北 河北"
        assert wordings("山东的担保机构由谁管？", held) == {"云南的担保机构由谁管？"}

    def test_a_word_of_the_question_is_no_substitute(self) -> None:
        assert wordings("余额和增速、不良率、户数、占比哪个高？", "") == {"平均利率和增速、不良率、户数、占比哪个高？"}

    def test_only_the_first_of_two_mentions(self) -> None:
        assert wordings("县级以上和县级以下", "省级、市级") == {"乡镇以上和县级以下"}

    def test_the_text_holds_every_substitute(self) -> None:
        assert wordings("环比是多少？", "同比、比年初、环比") == set()


@pytest.mark.parametrize(
    "question",
    ["存款是多少？", "文件号2024是什么？", "12024年是哪一年？", "1424年发生了什么？", "第5条规定了什么？"],
)
def test_nothing_to_exchange(question: str) -> None:
    assert wordings(question, "") == set()


class TestWhatIsMade:
    QUESTION = "2024年5月山东涉农贷款余额同比最高的农户，第五条怎么说？"
    TEXT = "2024年5月"

    @pytest.mark.parametrize("seed", SEEDS)
    def test_two_at_most_and_they_differ(self, seed: int) -> None:
        made = [twin.text for twin in twins(asked(self.QUESTION), self.TEXT, random.Random(seed))]
        assert len(set(made)) == 2
        assert self.QUESTION not in made

    def test_every_kind_of_word_has_its_turn(self) -> None:
        kept = ("2024年", "年5月", "山东", "涉农贷款", "余额", "同比", "最高", "农户", "第五条")
        made = wordings(self.QUESTION, self.TEXT)
        assert [word for word in kept if all(word in wording for wording in made)] == []
        assert all(sum(word not in wording for word in kept) == 1 for wording in made)

    def test_they_are_silent_on_the_same_quote(self) -> None:
        (twin,) = twins(asked("环比是多少？", "drcd-a"), "同比", random.Random(1))
        assert twin == Question("比年初是多少？", "a.md", "drcd-a-twin", "", "余额为45.1亿元")

    def test_the_same_chance_gives_the_same_twins(self) -> None:
        first, second = ([*twins(asked(self.QUESTION), self.TEXT, random.Random(7))] for _ in range(2))
        assert first == second
