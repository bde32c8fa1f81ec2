"""Running heads, characters, doubled headings; and lines that go on, without any file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.flow import flowing
from ingest.formats.hygiene import Line, Sheet, clean, undoubled, without_running

HEIGHT, WIDTH = 842.0, 595.0


def sheet(number: int, *lines: Line) -> Sheet:
    return Sheet(number, WIDTH, HEIGHT, lines)


def body(number: int, count: int = 20) -> list[Line]:
    return [Line(f"正文{number}之{i}，各行都不相同。", 72, 400, HEIGHT - 90 - 20 * i, 12) for i in range(count)]


def shown(sheets: tuple[Sheet, ...]) -> list[list[str]]:
    return [[line.text for line in each.lines] for each in sheets]


def head(text: str) -> Line:
    return Line(text, 200, 400, 800, 9)


def foot(text: str) -> Line:
    return Line(text, 280, 320, 40, 9)


class TestRunningLines:
    @pytest.mark.parametrize(
        "form", ["- {} -", "— {} —", "-{}-", "第{}页 共20页", "第 {} 页", "{}/20", "{}", "Page {} of 20", "－{}－"]
    )
    def test_page_numbers_go(self, form: str) -> None:
        pages = [sheet(n, *body(n), foot(form.format(n + 4))) for n in range(1, 7)]
        assert shown(without_running(pages)) == [[line.text for line in body(n)] for n in range(1, 7)]

    def test_head_with_a_changing_number_and_a_foot_below_another(self) -> None:
        lower = Line("内部资料", 280, 320, 55, 9)
        pages = [
            sheet(n, head(f"国家金融监督管理总局规章 - {n} -"), *body(n), lower, foot(f"{n}")) for n in range(1, 7)
        ]
        assert shown(without_running(pages)) == [[line.text for line in body(n)] for n in range(1, 7)]

    def test_left_and_right_pages_differ_and_a_title_page_has_no_head(self) -> None:
        pages = [sheet(1, *body(1))]
        pages += [
            sheet(n, head(f"{n} 金融法规汇编" if n % 2 == 0 else f"第{'一二三四五'[n // 5]}章 风险管理 {n}"), *body(n))
            for n in range(2, 21)
        ]
        assert shown(without_running(pages)) == [[line.text for line in body(n)] for n in range(1, 21)]

    def test_two_pages_that_begin_alike_keep_their_lines(self) -> None:
        first = Line("附件1", 72, 110, 780, 12)
        second = Line("附件2", 72, 110, 780, 12)
        alike = Line("本表由各分行填报", 72, 200, 755, 12)
        pages = [sheet(1, first, alike, *body(1)), sheet(2, second, alike, *body(2))]
        assert shown(without_running(pages)) == shown(tuple(pages))

    def test_attachments_of_a_page_each_keep_their_numbers(self) -> None:
        pages = [sheet(n, Line(f"附件{n}", 72, 110, 800, 12), *body(n)) for n in range(1, 9)]
        assert shown(without_running(pages)) == shown(tuple(pages))

    def test_small_type_above_and_below_two_full_pages(self) -> None:
        def page(number: int) -> Sheet:
            edges = [
                Line("2026/7/22 储蓄办法_银保监会", 40, 400, 772, 9),
                Line(f"gov.cn/a.htm {number}/2", 40, 400, 52, 9),
            ]
            return sheet(number, *body(number, 35), *edges)

        assert shown(without_running([page(1), page(2)])) == [[line.text for line in body(n, 35)] for n in (1, 2)]

    def test_a_year_in_the_head(self) -> None:
        pages = [sheet(n, head("2024年度报告"), *body(n)) for n in range(1, 7)]
        assert shown(without_running(pages)) == [[line.text for line in body(n)] for n in range(1, 7)]


class TestCharacters:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("第 一 条 为了规范", "第一条 为了规范"),
            ("第一条\u3000为了规范", "第一条 为了规范"),
            ("总\u3000\u3000则", "总则"),
            ("第一章\u3000总\u3000\u3000则", "第一章 总则"),
            ("第一章 总则", "第一章 总则"),
            ("人民银行 应当 。", "人民银行应当。"),
            ("Basel III 最终方案", "Basel III 最终方案"),
            ("2015 年 8 月 29 日", "2015年8月29日"),
            ("⻓期⾦融\u200b风\u00ad险", "长期金融风险"),
            ("⼾口", "户口"),
            ("甲市\u3000乙市\u3000丙市", "甲市 乙市 丙市"),
            ("提取。第四条 中国人民银行", "提取。第四条 中国人民银行"),
            ("\uf06c 稳健货币政策", "稳健货币政策"),
        ],
    )
    def test_clean(self, text: str, expected: str) -> None:
        assert clean(text) == expected

    @given(st.text("第一条章 \u3000总则aB1，。⻓\u00ad\t", max_size=30))
    def test_cleaning_loses_no_letter(self, text: str) -> None:
        assert [c for c in clean(text) if c not in " "] == [
            c for c in text.replace("⻓", "长") if not c.isspace() and c != "\u00ad"
        ]


class TestDoubledHeadings:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("第一百八十五条第一百八十五条", "第一百八十五条"),
            ("第一百八十五条第一百八十五条 商业银行应当", "第一百八十五条 商业银行应当"),
            ("第七章第七章附附则则", "第七章附则"),
            ("第第一一章章总总则则", "第一章总则"),
            ("监督管理办法监督管理办法", "监督管理办法"),
        ],
    )
    def test_printed_twice(self, text: str, expected: str) -> None:
        assert undoubled(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "层层压实责任",
            "人人",
            "一一对应",
            "人人参与、层层落实。",
            "第一条 层层",
            "研究研究再说",
            "1212.5",
            "第十条至第十三条规定的",
        ],
    )
    def test_legitimate_repetitions_stay(self, text: str) -> None:
        assert undoubled(text) == text


def column(*texts: tuple[float, str], top: float = 760.0, page: int = 1) -> Sheet:
    """Lines of twelve points between 72 and 420; each is (indent in characters, text)."""
    lines = [
        Line(text, 72 + 12 * indent, 72 + 12 * (indent + len(text)), top - 20 * i, 12)
        for i, (indent, text) in enumerate(texts)
    ]
    return Sheet(page, 492.0, HEIGHT, tuple(lines))


FULL = "商业银行应当按照审慎经营原则建立健全贷款风险分类制度并且每季"
"""As wide as the column (with the indent of two)."""


class TestParagraphs:
    def test_lines_join_over_a_page_break_and_pages_meet_inside(self) -> None:
        pages = [
            column((2, "前文到此。"), (2, FULL[:27]), (0, FULL[:29]), page=1),
            column((0, "报告，依照"), (2, "后一段。"), (2, FULL[:27]), (0, FULL[:29]), (0, "末。"), page=2),
        ]
        text, starts = flowing(pages)
        assert text.splitlines() == [
            "前文到此。",
            FULL[:27] + FULL[:29] + "报告，依照",
            "后一段。",
            FULL[:27] + FULL[:29] + "末。",
        ]
        assert text[starts[2] :].startswith("报告，依照\n")

    def test_a_first_line_that_ends_short_of_the_edge_is_not_centred(self) -> None:
        page = column((0, FULL[:29]), (0, "末。"), (2.02, FULL[:26]), (0, "报告。"))
        assert flowing([page])[0].splitlines() == [FULL[:29] + "末。", FULL[:26] + "报告。"]

    def test_a_last_page_with_one_full_column_of_two(self) -> None:
        def half(left: float, count: int) -> list[Line]:
            pair = ((left + 24, "第三条 商业银行应当按照规定"), (left, "按季报告。"))
            return [
                Line(pair[i % 2][1], pair[i % 2][0], left + (192, 60)[i % 2], 780 - 20 * i, 12) for i in range(count)
            ]

        first = Sheet(1, WIDTH, HEIGHT, (*half(72, 30), *half(320, 30)))
        last = Sheet(2, WIDTH, HEIGHT, (*half(72, 30), *half(320, 2)))
        assert set(flowing([first, last])[0].splitlines()) == {"第三条 商业银行应当按照规定按季报告。"}

    def test_a_reference_at_the_start_of_a_line_is_no_article(self) -> None:
        page = column((2, FULL[:25] + "依照"), (0, "第十三条的规定办理。"), (2, "第十四条 另起。"), (2, "（一）项目。"))
        assert flowing([page])[0].splitlines() == [
            FULL[:25] + "依照第十三条的规定办理。",
            "第十四条 另起。",
            "（一）项目。",
        ]

    def test_headings_stand_alone(self) -> None:
        page = column((11, "第一章 总则"), (2, "第一条 为了规范。"), (2, "一、总体要求"), (2, "坚持稳健。"))
        assert flowing([page])[0].splitlines() == ["第一章 总则", "第一条 为了规范。", "一、总体要求", "坚持稳健。"]

    @pytest.mark.parametrize(
        ("glued", "expected"),
        [
            ("第一条 依法办理。第二条 商业银行。", ["第一条 依法办理。", "第二条 商业银行。"]),
            ("第一条 依法办理。第二条商业银行。", ["第一条 依法办理。", "第二条商业银行。"]),
            ("第一条 依照第二条的规定。", ["第一条 依照第二条的规定。"]),
            ("第一条 依法办理。第二条规定的除外。", ["第一条 依法办理。第二条规定的除外。"]),
            ("第三条 依法办理。第二章 业务第四条 银行。", ["第三条 依法办理。", "第二章 业务", "第四条 银行。"]),
        ],
    )
    def test_articles_behind_a_sentence(self, glued: str, expected: list[str]) -> None:
        assert flowing([sheet(1, Line(glued, 72, 400, 700, 12))])[0].splitlines() == expected

    def test_latin_words_keep_their_blank_and_lose_their_hyphen(self) -> None:
        lines = [
            Line("The Basel Committee on banking super\u00ad", 72, 420, 700, 12),
            Line("vision published its final standard for", 72, 420, 680, 12),
            Line("all banks", 72, 140, 660, 12),
        ]
        text = flowing([Sheet(1, 492.0, HEIGHT, tuple(lines))])[0]
        assert text == "The Basel Committee on banking supervision published its final standard for all banks\n"
