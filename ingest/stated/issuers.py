"""The bodies that issue texts: their names, long and short, and how to find them in a line."""

import re
from functools import lru_cache

from rag.numerals import DIGITS

BODIES = (
    "全国人民代表大会常务委员会 全国人大常委会",
    "全国人民代表大会 全国人大",
    "国务院 中华人民共和国国务院",
    "国务院办公厅 国办",
    "中共中央",
    "中共中央办公厅 中央办公厅 中办",
    "中央农村工作领导小组办公室 中央农办",
    "中央网信办 国家互联网信息办公室 国家网信办 中央网络安全和信息化委员会办公室",
    "中央金融委员会办公室 中央金融办",
    "中央军委 中央军事委员会",
    "中国人民银行 人民银行 央行 人行",
    "国家金融监督管理总局 金融监管总局 国家金融监管总局",
    "中国银行保险监督管理委员会 中国银保监会 银保监会",
    "中国银行业监督管理委员会 中国银监会 银监会",
    "中国保险监督管理委员会 中国保监会 保监会",
    "中国证监会 中国证券监督管理委员会 证监会",
    "国家外汇管理局 外汇局 外汇管理局 国家外汇局",
    "国家发展改革委 国家发展和改革委员会 发展改革委 国家发改委 发改委",
    "国家发展计划委员会 国家计委",
    "财政部 中华人民共和国财政部",
    "农业农村部 中华人民共和国农业农村部",
    "农业部 中华人民共和国农业部",
    "工业和信息化部 工信部",
    "教育部",
    "科技部 科学技术部",
    "公安部",
    "民政部",
    "司法部",
    "人力资源社会保障部 人力资源和社会保障部 人社部",
    "自然资源部",
    "国土资源部",
    "生态环境部",
    "环境保护部",
    "住房城乡建设部 住房和城乡建设部 住建部",
    "交通运输部",
    "水利部",
    "商务部",
    "文化和旅游部",
    "国家卫生健康委 国家卫生健康委员会 卫生健康委",
    "退役军人事务部 退役军人部",
    "应急管理部 应急部",
    "审计署",
    "外交部",
    "国务院国资委 国务院国有资产监督管理委员会 国资委",
    "海关总署",
    "税务总局 国家税务总局",
    "市场监管总局 国家市场监督管理总局 国家市场监管总局",
    "国家工商行政管理总局 工商总局 国家工商总局",
    "国家质量监督检验检疫总局 质检总局",
    "国家统计局 统计局",
    "国家知识产权局 知识产权局",
    "国家林业和草原局 国家林草局 林草局",
    "国家林业局",
    "国家乡村振兴局",
    "国务院扶贫办 国务院扶贫开发领导小组办公室 国务院扶贫开发办公室",
    "国家数据局",
    "国家能源局",
    "国家粮食和物资储备局",
    "国家医保局 国家医疗保障局",
    "国家邮政局",
    "国家标准化管理委员会 国家标准委",
    "国家档案局",
    "国家民委 国家民族事务委员会",
    "全国社会保障基金理事会",
    "最高人民法院",
    "最高人民检察院",
    "全国工商联 中华全国工商业联合会",
    "中华全国供销合作总社 供销合作总社 全国供销合作总社",
    "中华全国妇女联合会 全国妇联",
    "共青团中央",
    "中国残联 中国残疾人联合会",
    "国家开发银行",
    "中国农业发展银行",
    "中国银行间市场交易商协会",
    "中国银行业协会",
    "中国支付清算协会",
    "中国人民银行征信中心",
    "上海证券交易所",
    "深圳证券交易所",
    "北京证券交易所",
)
"""One body a line: the name that is kept, then its other names; predecessors are bodies of their own."""
NAMES = {name: line.split()[0] for line in BODIES for name in line.split()}
AFFAIRS = (
    r"人民政府(?:办公厅|办公室)?|人民代表大会(?:常务委员会)?|人大(?:常委会)?|(?:省|市)?委员会(?:办公厅|办公室)|"
    r"(?:财政|农业农村|农业|商务|科技|科学技术|自然资源|住房和?城乡建设|人力资源和?社会保障|工业和信息化|经济和信息化|市场监督管理|"
    r"地方金融监督管理|地方金融管理|地方金融监管|金融工作|金融发展服务|乡村振兴|林业和草原|林业|水利|民政|审计|统计|税务|大数据管理|"
    r"发展和?改革|经济贸易|国有资产监督管理|农业和农村)(?:厅|局|委员会|委|办公室)|金融办|发改委|农办"
)
PLACE = r"(?:(?:(?![厅局部行])[\u4e00-\u9fff]){1,8}?(?:省|自治区|自治州|自治县|地区|新区|市|县|区|州|盟|旗)){1,3}"
LOCAL = rf"{PLACE}(?:{AFFAIRS})"
PARTY = r"中共[\u4e00-\u9fff]{2,10}?(?:省|市|县|区|州)委(?:员会)?(?:办公厅|办公室)?"
BRANCH = (
    r"(?:中国人民银行|国家外汇管理局)[\u4e00-\u9fff]{2,8}?(?:分行|分局|营业管理部|总部|中心支行)|"
    r"(?:国家金融监督管理总局|中国银行保险监督管理委员会|中国银行业监督管理委员会|中国证监会|中国银保监会)[\u4e00-\u9fff]{2,6}?监管(?:分局|局)"
)
SEPARATOR = re.compile(r"[、,，和及与]|会同|联合")
SESSION = (
    rf"(?:第[{DIGITS}]+届)?(?P<place>全国|{PLACE})(?:第?[{DIGITS}]+届)?"
    r"(?P<body>人民代表大会常务委员会|人大常委会|人民代表大会|人大)"
)
ADOPTED = re.compile(rf"{SESSION}(?=第[{DIGITS}]+次(?:全体)?会议|会议|通过|于|$)")


@lru_cache(maxsize=1)
def _one() -> re.Pattern[str]:
    """One body at the beginning of a stretch without blanks; the longest name first."""
    central = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
    return re.compile(rf"{BRANCH}|(?:{central})(?:办公厅|综合司)?|{PARTY}|{LOCAL}")


def official_name(name: str) -> str:
    """The name that is kept of a body: 银保监会 and 中国银保监会 are one; an unknown one stays as it is."""
    plain = "".join(name.split())
    plain = plain.removeprefix("中华人民共和国") or plain
    for suffix in ("办公厅", "综合司"):
        if plain not in NAMES and plain.endswith(suffix):
            return NAMES.get(plain.removesuffix(suffix), plain.removesuffix(suffix)) + suffix
    plain = NAMES.get(plain, plain)
    local = plain.replace("人大常委会", "人民代表大会常务委员会")
    return re.sub(r"(?<=[省市区州县国])人大$", "人民代表大会", local)


def leading(text: str) -> tuple[tuple[str, ...], int]:
    """The bodies that a stretch without blanks begins with, and how many letters they take."""
    names: list[str] = []
    position = 0
    while match := _one().match(text, position):
        names.append(official_name(match[0]))
        position = match.end()
        separator = SEPARATOR.match(text, position)
        if separator is None or not _one().match(text, separator.end()):
            if not _one().match(text, position):
                break
        else:
            position = separator.end()
    return tuple(dict.fromkeys(names)), position


def only_bodies(text: str) -> tuple[str, ...]:
    """The bodies of a line that holds nothing else (but 文件, as on a letterhead); () if it holds more."""
    names, position = leading(text)
    return names if names and text[position:] in {"", "文件", "令", "公告"} else ()


def adopting_body(text: str) -> tuple[str, int]:
    """The congress or committee that the line says adopted the text, and where it is named; ('', -1) if none."""
    match = ADOPTED.search(text)
    if match is None:
        return "", -1
    place = re.sub(r"^(?:由|经|于|日)+", "", re.sub(rf"第?[{DIGITS}]+届$", "", match["place"]))
    return official_name(place + match["body"]), match.start()


def is_central(name: str) -> bool:
    """A body of the state, whose texts apply everywhere."""
    return name in NAMES.values() or name.removesuffix("办公厅").removesuffix("综合司") in NAMES.values()
