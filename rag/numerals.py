"""Chinese numerals of addresses: 第一百二十三条 and 第123条 are one number."""

import re

from cn2an import an2cn, cn2an

DIGITS = "零〇一二两三四五六七八九十百千0-9０-９"
NUMERAL = re.compile(f"[{DIGITS}]+")
_PLAIN = str.maketrans("０１２３４５６７８９〇两", "0123456789零二")


def number_of(numeral: str) -> int:
    """The value of an Arabic or Chinese numeral; 0 where it is neither."""
    plain = numeral.translate(_PLAIN)
    if plain.isdecimal():
        return int(plain)
    try:
        return int(cn2an(plain, "smart"))
    except (ValueError, KeyError):  # cn2an raises KeyError for 千百 and the like
        return 0


def chinese_numeral(number: int) -> str:
    """12 -> 十二, as articles are counted."""
    return str(an2cn(str(number))).removeprefix("一") if 10 <= number < 20 else str(an2cn(str(number)))
