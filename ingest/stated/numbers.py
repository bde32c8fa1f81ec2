"""文号 in all styles -> one printed form, and a key under which two of them are the same."""

import re

from ingest.stated.issuers import leading
from rag.numerals import DIGITS, number_of

OPEN, CLOSE = r"[〔\[(【〈<{]", r"[〕\])】〉>}]"
HEAD = r"[\u4e00-\u9fffA-Za-z]"
BRACKETED = rf"{HEAD}{{1,20}}{OPEN}(?:19|20)\d{{2}}年?{CLOSE}第?\d{{1,4}}号"
ORDER = rf"(?:{HEAD}{{2,20}})?(?:令|公告)(?:{OPEN}?(?:19|20)\d{{2}}年?{CLOSE}?)?{OPEN}?第?[{DIGITS}]+{CLOSE}?号"
ORDER_ENCLOSED = rf"{HEAD}{{2,20}}(?:令|公告){OPEN}第[{DIGITS}]+号{CLOSE}"
ORDER_BEHIND = rf"{HEAD}{{2,20}}(?:{OPEN}?(?:19|20)\d{{2}}年?{CLOSE}?)?第[{DIGITS}]+号令"
NUMBER = re.compile(rf"{BRACKETED}|{ORDER_BEHIND}|{ORDER_ENCLOSED}|{ORDER}")
"""A 文号 in a text without blanks; `trimmed` cuts off the words that ran into its head."""
PARTS = re.compile(
    rf"({HEAD}*?)(令|公告)?(?:{OPEN}?((?:19|20)\d{{2}})年?{CLOSE}?)?{OPEN}?(第)?([{DIGITS}]+){CLOSE}?号{CLOSE}?$"
)
BEHIND = re.compile(rf"((?:{OPEN}?(?:19|20)\d{{2}}年?{CLOSE}?)?第[{DIGITS}]+号)令$")
STATE = re.compile("^.*中华人民共和国(?=.)")
RUN_IN = re.compile(
    r"^.*(?:根据|依据|按照|依照|遵照|经|以|由|于|和|与|及|即|的|中(?!国|共|央|办|发)|附|据|原|月|日|规定|通知|印发|发布|颁布|公布|文号|字号|编号|执行)(?=.{2})"
)
KEEPS = ("中国", "中共", "中办", "中发", "中央")


def trimmed(number: str) -> str:
    """Cut words that ran into the head of a 文号 for want of blanks: 根据银发〔2016〕1号 -> 银发〔2016〕1号."""
    year = re.search(rf"{OPEN}|令|公告", number)
    head, rest = (number[: year.start()], number[year.start() :]) if year else ("", number)
    head = STATE.sub("", head).rpartition("文件")[2] or head
    while (match := RUN_IN.match(head)) and not head.startswith(KEEPS):
        head = head[match.end() :]
    return head + rest


def canonical(number: str) -> str:
    """The printed form in 〔〕, no blanks, no 中华人民共和国: 财金(2023)75号 -> 财金〔2023〕75号; '' if none."""
    match = PARTS.match(trimmed(BEHIND.sub(r"令\1", "".join(number.split()))))
    if match is None or not (match[2] or (match[1] and match[3])):
        return ""
    head, kind, year, ordinal, count = match[1], match[2] or "", match[3], match[4] or "", match[5]
    if kind and year and f"{year}年" in number and not re.search(OPEN, number):
        return f"{head}{kind}{year}年第{count}号"
    if kind and not year:
        return f"{head}{kind}第{count}号"
    return f"{head}{kind}〔{year}〕{ordinal}{count}号"


def number_key(number: str) -> str:
    """Equal for two 文号 of one text: names of the issuer, brackets and kinds of digits aside; '' if none."""
    match = PARTS.match(STATE.sub("", number.translate(str.maketrans("（）［］", "()[]")).replace(" ", "")))
    if match is None or not (match[2] or (match[1] and match[3])):
        return ""
    names, taken = leading(match[1])
    head = "".join(names) if match[2] and taken == len(match[1]) else match[1]
    return f"{head}{match[2] or ''}{match[3] or ''}-{number_of(match[5])}"
