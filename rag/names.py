"""Names and subjects of a sentence that its sources do not hold: regions, institutions, titles, 文号, products."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.address import BOOK_TITLE, RANK_PREFIX
from rag.claims import Claims
from rag.polarity import without_cues
from rag.question import REGIONS
from rag.wording import EQUALS, LIGHT, NEUTRAL, signed

_EQUAL = re.compile("|".join(f"({words})" for words, _ in EQUALS[:12]))
_SAME = tuple(word for _, word in EQUALS[:12])
PLACES = re.compile(
    "石家庄|太原|沈阳|长春|哈尔滨|南京|杭州|合肥|福州|南昌|济南|郑州|武汉|长沙|广州|南宁|海口|成都|贵阳|昆明|拉萨|西安|兰州|西宁|银川|乌鲁木齐"
    "|苏州|温州|嘉兴|丽水|金华|绍兴|衢州|舟山|潍坊|烟台|临沂|菏泽|德州|聊城|济宁|泰安|威海|日照|淄博|枣庄|滨州|东营|绵阳|德阳|宜宾|泸州|南充|达州|广元|遂宁"
    "|内江|乐山|雅安|眉山|资阳|巴中|自贡|攀枝花|甘孜|凉山|阿坝|佛山|东莞|珠海|汕头|韶关|湛江|茂名|肇庆|惠州|梅州|株洲|昭通|普洱|临沧|大理|红河|泉州|漳州|莆田|龙岩|三明|南平"
    f"|{REGIONS.pattern}"
)
PLACE_SHAPE = re.compile(
    "((?:(?![向的须于中其该各全本在和与及由为经从到对将把所末底年月日级个余外我跨每两多几])[一-龥]){2})"
    "(?:省|自治区|市|县|自治州|州)(?!级|域|以上|以下|人民|区|辖|场|化)"
)
INSTITUTIONS = re.compile(
    "金融监管总局|银保监会|人民银行|外汇管理局|财政部门?|审计|税务|证券|信托|评级|商务部|税务总局|审计署|农业农村部|工业和信息化部|发展改革委|证监会|市场监管总局|国务院|人力资源社会保障部|自然资源部|住房城乡建设部|科技部|教育部|民政部|司法部|水利部|国资委|全国人大|中共中央|法院|检察院|公安"
    "|工商银行|农业银行|建设银行|中国银行|交通银行|邮储银行|国家开发银行|进出口银行|农业发展银行|政策性银行|商业银行|股份制银行|村镇银行|农村商业银行|农村合作银行|农村信用社|农商联合银行|农商银行|农商行|城商行|信用社"
    "|工行|农行|建行|中行|交行|邮储|国开行|农发行"
)
TERMS = re.compile(
    "保险公司|保险机构|保险业|银行业|证券业|信托公司|担保公司|担保机构|再担保|担保基金|小额贷款公司|融资租赁|典当行|资产管理公司|征信机构|农信|征信|汽车金融公司|金融租赁公司|消费金融公司|财务公司|地方金融组织|监管局|登记机构|行业协会|商会|评估机构|交易所|清算机构"
    "|国有企业|民营企业|小微企业|中小企业|中小微企业|大型企业|中型企业|科技企业|外资企业|龙头企业|个体工商户|小微企业主|农户|合作社|家庭农场|集体经济组织|经营主体|村民委员会|居民委员会|村委会|居委会|事业单位|机关|社会组织"
    "|存款人|借款人|贷款人|投保人|被保险人|受益人|债权人|债务人|担保人|保证人|抵押人|抵押权人|出质人|质权人|发包方|承包方|承包户|受让方|转让方|出租人|承租人|股东|董事|监事|高管|信息主体|信息使用者|信息提供者|投保机构|存款机构|消费者|投资者|储户|妇女|老年人|残疾人|大学生|返乡人员|退役军人|农民工|居民|农民|牧民|渔民|学生|职工|村民|干部"
    "|涉农|普惠|小微|民营|国有|集体|外资|绿色|科技|养老|数字|农村|城市|城镇|乡村|县域|乡镇|社区|农业|工业|制造业|服务业|房地产|林业|渔业|畜牧|种植|养殖|粮食|生猪|水产|水利|旅游|文化|教育|医疗|交通|能源|外贸|跨境|基础设施|固定资产|流动资金|中长期|短期|长期|首贷|续贷|信用贷|抵押贷|质押|抵押|信用|助学|创业|经营性|消费|住房|汽车|脱贫|扶贫|帮扶|新发放|存量"
    "|再贷款|各项贷款|各项存款|再贴现|逆回购|贴现|贷款|存款|信贷|贴息|补贴|补助|保费|保险|担保|债券|股票|基金|票据|信用证|保函|理财|租赁|期货|准备金|资本|利率|费率|利息|本金|罚款|滞纳金|违约金|税|收费|预算|赔款|赔偿|代偿|余额|新增额|增量|不良率|不良贷款|覆盖率|户数|额度|限额|期限|客户"
    "|人民币|外币|美元|本外币|第一产业|第二产业|第三产业|宅基地|承包地|耕地|林地|草原|农房|土地|经营权|使用权|所有权|承包权|财产权|收益权|知识产权|人大|政协|监察|应收账款|农机具|畜禽|活体|厂房|设备"
    "|县级|市级|省级|乡级|州级|国家级|中央|地方|全省|全市|全县|全区|失信|民间|直接融资|间接融资|境内|境外|个人|单位|法人|自然人"
)
TITLE_NOISE = re.compile(r"[\s《》()\-,、·:]|中华人民共和国")
COUNT = re.compile("[一二两三四五六七八九十几]+[个种类项条点大方]")
HAN_RUN = re.compile("[一-龥]{2,}")


@lru_cache(maxsize=8192)
def equalled(plain: str) -> str:
    """A plain sentence with one wording for every institution."""
    return _EQUAL.sub(lambda m: _SAME[(m.lastindex or 1) - 1], plain)


def strange_names(claims: Claims, start: int, end: int, sources: Sequence[str]) -> Iterator[str]:
    """Names and terms in a stretch of a sentence that none of the source texts (plain, with headings) holds."""
    held = equalled("\n".join(sources))
    text = BOOK_TITLE.sub(" ", claims.plain[start:end])
    said = equalled(text)
    for pattern in (PLACES, INSTITUTIONS, TERMS):
        yield from (match[0] for match in pattern.finditer(said) if match[0] not in held)
    yield from (match[0] for match in PLACE_SHAPE.finditer(said) if match[0] not in held and match[1] not in held)
    forms = TITLE_NOISE.sub("", "\n".join(sources))
    for title, at in claims.titles:
        if start <= at < end and TITLE_NOISE.sub("", RANK_PREFIX.sub("", title)) not in forms:
            yield f"《{title}》"


def strange_words(claims: Claims, start: int, end: int, sources: Sequence[Claims]) -> Iterator[str]:
    """Runs of two or more characters of content that no source has anywhere: words of something else."""
    held = set("".join(signed(source, 0, len(source.plain)) for source in sources))
    text = COUNT.sub("|", signed(claims, start, end))
    for pattern in (LIGHT, NEUTRAL):
        text = pattern.sub("|", text)
    text = without_cues(text)
    yield from HAN_RUN.findall("".join("|" if sign in held else sign for sign in text))
