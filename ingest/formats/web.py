"""Saved web pages: the document that a page was made for, without the page around it."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from ingest import texts
from ingest.extracted import Extracted
from ingest.formats import plain
from ingest.formats.headings import heading_line
from ingest.formats.web_markdown import letters_of, lines_of, particulars, text_of
from rag.errors import UnreadableFile
from rag.normalise import HAN

Element = Any
ARCHIVES = {".mht", ".mhtml"}
CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
CHINESE_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"}
DAMAGED_CODECS = ("utf-8", "gb18030", "big5")
UNSEEN_TAGS = (
    "script style noscript template iframe object embed svg canvas audio video button select textarea input head"
).split()
UNSEEN_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$))", re.IGNORECASE
)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE = re.compile(r"[.#]([\w-]+)")
CONTAINER_IDS = frozenset({"ucap-content", "zoom", "js_content", "fontzoom", "xxgk_content", "articlecontent"})
CONTAINER_CLASSES = frozenset(
    "trs_editor trs_ueditor trs_editor_view pages_content custom_unionstyle article-content article_content "
    "rich_media_content news_content xxgk_content content_detail my_doccontent".split()
)
"""Where the publishing systems of Chinese offices (and WeChat) put the text of a document."""
ENOUGH = 200
"""Letters in such a place that need no second opinion."""
COVERED = 0.9
AROUND_TAGS = ("nav", "footer", "aside")
AROUND = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|breadcrumbs?|crumbs?|share|bdsharebuttonbox|social|foot|footer|copyright|sidebar"
    r"|related|recommend|comments?|login|search|toolbar|print|pager|pagination|banner|advert|location)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
NOISE = re.compile(
    r"(?:分享到|分享[:：]|扫一扫|打印本?页?|【?打印】|关闭窗口|【?关闭】|字体[:：]|字号[:：]|【?字体|上一[篇条]|下一[篇条]|责任编辑"
    r"|编辑[:：]|浏览次数|点击[数次]|版权所有|主办单位|网站标识码|京公网安备|.{0,12}ICP备|网站地图|当前位置|您(?:现在)?所?在的?位置"
    r"|您当前的位置|返回顶部|相关(?:链接|阅读|文章|新闻|稿件)|【?我要纠错|收藏本?页?|首页\s*[>＞»])"
)
LONGEST_NOISE = 60
SITE_NAME = re.compile(r"\s*(?:[_|｜]|\s[-—–]+\s|--).*$")
LINKED, FEWEST_LINKS = 0.8, 3


def read(path: Path) -> Extracted:
    """The document of a saved page. Raises UnreadableFile for a page without text or in no known encoding."""
    markup = _markup(path)
    tree = _tree(markup)
    if tree is None:
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_SAVE_PAGE)
    title = _title(tree)
    _drop_unseen(tree)
    places = _containers(tree, markup)
    lines = [line for place in places for line in lines_of(place) if not _is_noise(line)]
    if not any(re.search(r"\w", line) for line in lines):
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_SAVE_PAGE)
    whole = "\n".join(lines)
    if "\ufffd" in whole or plain.plausibility(whole) < plain.PLAUSIBLE:
        raise UnreadableFile(path.name, texts.ENCODING_UNKNOWN, cure=texts.CURE_SAVE_PAGE)
    lines = [*_particulars(tree, places), *lines]
    if title and _letters(title) not in _letters("".join(lines[:12])):
        lines.insert(0, heading_line(title, 1))
    return Extracted("\n".join(lines) + "\n", title=title)


def _markup(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix.lower() in ARCHIVES:
        message = message_from_bytes(content, policy=policy.default)
        page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        loaded = page.get_payload(decode=True) if page is not None else b""
        content = loaded if isinstance(loaded, bytes) else b""
    if not content.strip():
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_SAVE_PAGE)
    stated = CHARSET.search(content[:4096])
    codec = CHINESE_CODECS.get(stated[1].decode("ascii").lower(), "") if stated else ""
    if codec and not _is_utf8(content):
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            pass  # what a page says of itself is often wrong: look at the text
    try:
        return plain.decode(content, path.name)[0]
    except UnreadableFile:
        # Summaries in the head are often cut inside a character; whether the document is whole shows later.
        return max((content.decode(codec, "replace") for codec in DAMAGED_CODECS), key=plain.plausibility)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tree(markup: str) -> Element:
    from lxml import etree, html  # type: ignore[import-untyped]

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except etree.ParserError:  # nothing but comments
        return None


def _title(tree: Element) -> str:
    """What the page calls its document: its own field, its heading, the window's title without the site's name."""
    fields = [meta.get("content", "") for meta in tree.iter("meta") if meta.get("name", "").lower() == "articletitle"]
    headings = [text_of(heading) for heading in tree.iter("h1")]
    windows = [SITE_NAME.sub("", text_of(window)) for window in tree.iter("title")]
    found = (" ".join(text.split()) for text in (*fields, *headings, *windows))
    return next((text for text in found if len(re.findall(f"[{HAN}]", text)) > 3), "")


def _drop_unseen(tree: Element) -> None:
    """Take out what a browser would not show; the place of the document itself is shown by a script."""
    rules = RULE.findall("\n".join("".join(style.itertext()) for style in tree.iter("style")))
    unseen = {
        name.strip()
        for selector, body in rules
        if UNSEEN_STYLE.search(body)
        for name in selector.split(",")
        if SIMPLE.fullmatch(name.strip())
    }
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or _is_container(element):
            continue
        names = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
        hidden = "hidden" in element.attrib or UNSEEN_STYLE.search(element.get("style", "")) or names & unseen
        if hidden or element.tag in UNSEEN_TAGS:
            element.drop_tree()


def _is_container(element: Element) -> bool:
    names = set(element.get("class", "").lower().split())
    return element.get("id", "").lower() in CONTAINER_IDS or bool(names & CONTAINER_CLASSES)


def _containers(tree: Element, markup: str) -> list[Element]:
    """The elements that hold the document, in order."""
    every = (element for element in tree.iter() if isinstance(element.tag, str))
    known = [element for element in every if _is_container(element) and not _is_list_of_links(element)]
    outermost = [e for e in known if not any(other in known for other in e.iterancestors())]
    size = sum(len(letters_of(element)) for element in outermost)
    if size >= ENOUGH:
        return outermost
    found = _main_element(tree, markup)
    return outermost if size and size * 2 >= len(letters_of(found)) else [found]


def _main_element(tree: Element, markup: str) -> Element:
    """The smallest element around what trafilatura takes for the main text, without menus and the like."""
    import trafilatura

    body = tree.find("body") if tree.find("body") is not None else tree
    _drop_around(body)
    main = trafilatura.extract(markup, include_comments=False, favor_recall=True) or ""
    pieces = [piece for line in main.splitlines() for piece in map(_letters, line.strip("|- ").split("|")) if piece]
    whole = letters_of(body)
    pieces = [piece for piece in pieces if piece in whole]
    wanted = COVERED * sum(map(len, pieces))
    element = body
    while wanted:
        inner = next((c for c in element if isinstance(c.tag, str) and _covered(c, pieces) >= wanted), None)
        if inner is None or inner.tag in {"p", "table", "ul", "ol"}:
            break
        element = inner
    return element


def _covered(element: Element, pieces: list[str]) -> int:
    letters = letters_of(element)
    return sum(len(piece) for piece in pieces if piece in letters)


def _drop_around(body: Element) -> None:
    """Take out menus, shares, lists of links, feet; nothing that holds half of the page's letters or more."""
    half = len(letters_of(body)) / 2
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element is body or len(letters_of(element)) >= half:
            continue
        named = AROUND.search(f"{element.get('class', '')} {element.get('id', '')}")
        if element.tag in AROUND_TAGS or named or _is_list_of_links(element):
            element.drop_tree()


def _is_list_of_links(element: Element) -> bool:
    if element.tag not in {"ul", "ol", "div", "table", "dl"}:
        return False
    links = [letters_of(link) for link in element.iter("a")]
    letters = letters_of(element)
    return len(links) >= FEWEST_LINKS and sum(map(len, links)) >= LINKED * len(letters) and "附件" not in letters


def _particulars(tree: Element, places: list[Element]) -> list[str]:
    """The block above the document that tells 索引号, 发文字号 …, where it stands outside the document's place."""
    inside = {part for place in places for part in (*place.iter(), *place.iterancestors())}
    best: list[str] = []
    for element in tree.iter("table", "ul", "dl", "div"):
        if element not in inside:
            found = particulars(element)
            best = found if len(found) > len(best) else best
    return best


def _is_noise(line: str) -> bool:
    return len(line) < LONGEST_NOISE and bool(NOISE.match(re.sub(r"^(?:- |#+ |\d+\. )", "", line)))


def _letters(text: str) -> str:
    return re.sub(r"[\s\u3000#]+", "", text)
