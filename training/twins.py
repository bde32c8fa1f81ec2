"""Counterfactual twins made by rule: the same words with another year, period or place, on which the text is silent."""

import random
import re
from collections.abc import Iterator

from training.corpora import Question

YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年)")
MONTH = re.compile(r"(?<=年)1?\d(?=月)")
ARTICLE = re.compile("(?<=第)[一二三四五六七八九十百]{1,5}(?=条)")
NUMERALS = (
    "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十八 二十 二十二 二十五 二十八 三十 三十三 四十 五十一"
).split()
SWAPS = (
    "山东 浙江 江苏 广东 四川 河南 湖南 安徽 福建 云南 贵州 陕西 湖北 河北",
    "台州 湖州 丽水 厦门 青岛 济南 成都 深圳 宁波 苏州",
    "余额 增速 不良率 户数 占比 平均利率",
    "同比 比年初 环比",
    "涉农贷款 普惠型小微企业贷款 绿色贷款 制造业贷款 房地产贷款 民营企业贷款 消费贷款 科技贷款",
    "农户 新型农业经营主体 个体工商户 大型企业 国有企业",
    "融资担保公司 小额贷款公司 典当行 融资租赁公司 商业保理公司 村镇银行 理财公司",
    "信息主体 信息使用者 信息提供者",
    "财政部 农业农村部 中国人民银行 金融监管总局 中国证监会 国家发展改革委 商务部 工业和信息化部",
    "借款人 担保人 投保人 债权人 受托人",
    "上限 下限 最长期限 年利率 补贴标准 罚款金额",
    "施行 废止 修订 公布 起草",
    "省级 市级 县级 乡镇",
    "上半年 下半年 一季度 三季度",
    "注册资本 实缴资本 净资产 拨备覆盖率 资本充足率 流动性比例",
    "国王 皇帝 总统 首相 将军",
    "出生 去世 结婚 毕业 退位",
    "面积 人口 海拔 长度 气温",
    "首次 第二次 最后一次",
    "最大 最小 最早 最晚 最高 最低",
    "北部 南部 东部 西部",
)


def twins(question: Question, text: str, chance: random.Random) -> Iterator[Question]:
    """At most two silent questions that differ in one word which the text does not hold."""
    made = [*_years(question, text, chance), *_articles(question, chance), *_words(question, text, chance)]
    chance.shuffle(made)
    for wording in made[:2]:
        yield Question(wording, question.source, f"{question.kind}-twin", "", question.quote)


def _years(question: Question, text: str, chance: random.Random) -> Iterator[str]:
    for found in YEAR.finditer(question.text):
        for _ in range(4):
            other = str(int(found[0]) + chance.choice((-3, -2, -1, 1, 2, 3)))
            if other not in text:
                yield question.text[: found.start()] + other + question.text[found.end() :]
                break
    for found in MONTH.finditer(question.text):
        other = str(
            chance.choice(
                [month for month in range(1, 13) if f"{month}月" not in text and str(month) != found[0]] or [0]
            )
        )
        if other != "0":
            yield question.text[: found.start()] + other + question.text[found.end() :]


def _articles(question: Question, chance: random.Random) -> Iterator[str]:
    """Another article's number; the window of the asked one then is the wrong place."""
    for found in ARTICLE.finditer(question.text):
        other = chance.choice([numeral for numeral in NUMERALS if numeral != found[0]])
        yield question.text[: found.start()] + other + question.text[found.end() :]


def _words(question: Question, text: str, chance: random.Random) -> Iterator[str]:
    for line in SWAPS:
        group = line.split()
        held = next((word for word in group if word in question.text), "")
        others = [word for word in group if word not in text and word not in question.text]
        if held and others:
            yield question.text.replace(held, chance.choice(others), 1)
