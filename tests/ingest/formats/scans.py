"""Pages as a scanner delivers them: A4 at 200 dpi in Noto CJK, askew, noisy, compressed; and their true text."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

A4 = (1654, 2339)
FONTS = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED = 2
"""Index of the mainland faces in Noto's collections."""
CLOSING = "，。；：、！？）》〉」』”’%〕】…,.;:!?)"
PIECES = re.compile(r"[A-Za-z0-9.,%+\-/]+|.")


@dataclass(frozen=True)
class Block:
    """`kind` is title, heading, text, right, centre or table; the rows of a table are its lines, cells parted by |."""

    kind: str
    text: str


@dataclass(frozen=True)
class Style:
    """How a page is set and how it is scanned; sizes in pixels (200 dpi: 9 points are 25)."""

    serif: bool = True
    size: int = 33
    leading: float = 1.6
    columns: int = 1
    angle: float = 0.0
    noise: float = 8.0
    quality: int = 75
    indent: int = 2


@dataclass
class Scan:
    """An image of a page and what is written on it, a paragraph or a row of a table a line."""

    image: Image.Image
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@lru_cache(maxsize=64)
def font(serif: bool, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = f"Noto{'Serif' if serif else 'Sans'}CJK-{'Bold' if bold else 'Regular'}.ttc"
    return ImageFont.truetype(FONTS / name, size, index=SIMPLIFIED)


def broken(text: str, face: ImageFont.FreeTypeFont, width: float, indent: float = 0) -> list[str]:
    """Lines no wider than `width`; closing marks hang rather than open a line."""
    lines, line, used = [], "", indent
    for piece in PIECES.findall(text):
        length = face.getlength(piece)
        if used + length > width and line and piece[0] not in CLOSING:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + piece, used + length
    return [*lines, line]


class Sheet:
    """An empty page that is filled block by block and scanned at the end."""

    margin = 170

    def __init__(self, style: Style) -> None:
        self.style = style
        self.image = Image.new("L", A4, 255)
        self.draw = ImageDraw.Draw(self.image)
        self.width = (A4[0] - 2 * self.margin - (style.columns - 1) * 60) // style.columns
        self.column, self.y = 0, float(self.margin)
        self.lines: list[str] = []

    @property
    def x(self) -> float:
        return self.margin + self.column * (self.width + 60)

    def room(self, height: float) -> bool:
        """Whether `height` more pixels fit, here or in the next column."""
        if self.y + height <= A4[1] - self.margin:
            return True
        if self.column + 1 < self.style.columns:
            self.column, self.y = self.column + 1, float(self.margin)
            return True
        return False

    def put(self, block: Block) -> Block | None:
        """Set a block; what did not fit comes back."""
        if block.kind == "table":
            return self._table(block)
        size = {"title": round(self.style.size * 1.4), "heading": round(self.style.size * 1.1)}.get(
            block.kind, self.style.size
        )
        face = font(self.style.serif, size, block.kind in {"title", "heading"})
        indent = self.style.indent * size if block.kind in {"text", "heading"} else 0
        lines = broken(block.text, face, self.width, indent)
        step = round(size * self.style.leading)
        done: list[str] = []
        for line in lines:
            if not self.room(step):
                break
            free = self.width - face.getlength(line)
            left = {"title": free / 2, "centre": free / 2, "right": free - 2 * size}.get(block.kind, 0)
            inset = 0 if done else indent
            spread = max(0.0, free - inset) if block.kind == "text" and line is not lines[-1] else 0.0
            self._line(line, self.x + left + inset, face, spread)
            done.append(line)
            self.y += step
        if done:
            self.lines.append("".join(done))
        rest = "".join(lines[len(done) :])
        return Block(block.kind, rest) if rest else None

    def _line(self, line: str, x: float, face: ImageFont.FreeTypeFont, spread: float) -> None:
        """Draw a line whose pieces are set apart by `spread` pixels in all, as justified text is."""
        pieces = PIECES.findall(line) if spread else [line]
        for piece in pieces:
            self.draw.text((x, self.y), piece, fill=20, font=face)
            x += face.getlength(piece) + spread / max(1, len(pieces) - 1)

    def _table(self, block: Block) -> Block | None:
        face = font(self.style.serif, round(self.style.size * 0.9))
        rows = [row.split("|") for row in block.text.split("\n")]
        widths = self._widths(rows)
        self.y += face.size / 2
        for place, row in enumerate(rows):
            cells = [broken(cell, face, width - 24) for cell, width in zip(row, widths, strict=True)]
            height = max(map(len, cells)) * round(face.size * 1.35) + 24
            if not self.room(height):
                return Block("table", "\n".join(map("|".join, rows[place:])))
            self._row(cells, widths, height, face)
            self.lines.append("| " + " | ".join(row) + " |")
        self.y += face.size
        return None

    def _widths(self, rows: list[list[str]]) -> list[int]:
        shares = [max(4, min(16, max(map(len, column)))) for column in zip(*rows, strict=True)]
        return [self.width * share // sum(shares) for share in shares]

    def _row(self, cells: list[list[str]], widths: list[int], height: float, face: ImageFont.FreeTypeFont) -> None:
        left = self.x
        for lines, width in zip(cells, widths, strict=True):
            self.draw.rectangle((left, self.y, left + width, self.y + height), outline=40, width=2)
            for number, line in enumerate(lines):
                self.draw.text((left + 12, self.y + 8 + number * round(face.size * 1.35)), line, fill=20, font=face)
            left += width
        self.y += height

    def page_number(self, number: int) -> None:
        face = font(self.style.serif, 28)
        text = f"— {number} —"
        self.draw.text(((A4[0] - face.getlength(text)) / 2, A4[1] - 120), text, fill=20, font=face)
        self.lines.append(text)

    def scan(self, seed: int) -> Scan:
        """The page askew, soft, noisy and compressed."""
        return Scan(scanned(self.image, self.style, seed), self.lines)


def scanned(image: Image.Image, style: Style, seed: int) -> Image.Image:
    """What a flatbed makes of a printed page; the same seed gives the same grain."""
    turned = image.rotate(style.angle, Image.Resampling.BICUBIC, fillcolor=250)
    grain = np.random.default_rng(seed).normal(0, style.noise, (turned.height, turned.width))
    paper = np.clip(np.asarray(turned, dtype=np.float32) * 0.96 + grain, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(paper).save(stream, "JPEG", quality=style.quality)
    return Image.open(stream).convert("RGB")


def paginated(blocks: Sequence[Block], style: Style, seed: int) -> Iterator[Scan]:
    """The pages of a document, numbered at the foot."""
    waiting, number = list(blocks), 1
    while waiting:
        sheet = Sheet(style)
        while waiting:
            rest = sheet.put(waiting[0])
            if rest is not None:
                waiting[0] = rest
                break
            waiting.pop(0)
        sheet.page_number(number)
        yield sheet.scan(seed + number)
        number += 1


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a text of the knowledge base: its headings, paragraphs and tables."""
    blocks: list[Block] = []
    for line in re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).split("\n"):
        plain = re.sub(r"\*\*|^>\s*|^[-*]\s+", "", line).strip()
        if not plain or re.fullmatch(r"[|\s:-]+", plain):
            continue
        if plain.startswith("|"):
            row = "|".join(cell.strip() for cell in plain.strip("|").split("|"))
            if blocks and blocks[-1].kind == "table":
                blocks[-1] = Block("table", blocks[-1].text + "\n" + row)
            else:
                blocks.append(Block("table", row))
        elif plain.startswith("#"):
            blocks.append(Block("title" if plain.startswith("# ") else "heading", plain.lstrip("# ")))
        else:
            blocks.append(Block("text", plain))
    return blocks


NOTICE = (
    Block("title", "示例银行关于规范县域普惠信贷业务的通知"),
    Block("centre", "示银发〔2024〕23号"),
    Block("text", "各市分行、县（市、区）支行："),
    Block(
        "text",
        "为落实《中国银保监会关于示例工作的意见》（银保监发〔2021〕6号）和示银规〔2023〕105号文件要求，"
        "现就2024年1月15日起执行的有关事项通知如下。",
    ),
    Block("heading", "一、总体要求"),
    Block(
        "text",
        "（一）到2025年12月31日，县域各项贷款余额不低于1,286.45亿元，同比增长12.7%，"
        "高于各项贷款平均增速0.8个百分点；普惠型小微企业贷款加权平均利率降至3.85%以下。",
    ),
    Block("text", "（二）单户授信1000万元（含）以下的，由县支行审批；超过1000万元的，报市分行审批，时限为5个工作日。"),
    Block("heading", "二、额度与期限"),
    Block("centre", "表1  县域普惠信贷产品一览"),
    Block("right", "单位：万元、%"),
    Block(
        "table",
        "产品|最高额度|期限|利率\n惠农e贷|300|3年|3.45%\n小微快贷|500|1年|3.85%\n"
        "农机购置贷|150|5年|4.10%\n设施农业抵押贷|1,200|8年|4.35%",
    ),
    Block("text", "注：利率为年化利率（单利），以2024年3月20日公布的1年期LPR为基准，上浮不超过50个基点。"),
    Block("heading", "三、监督管理"),
    Block("text", "第一条  信贷资金不得流入股市、楼市。发现挪用的，应当在10日内收回，并按合同约定加收50%的罚息。"),
    Block(
        "text", "第二条  本通知由总行普惠金融部负责解释，自印发之日起施行，有效期3年。示银发〔2019〕117号文同时废止。"
    ),
    Block("text", "联系人：王小明，电话：010-66208888，邮箱：puhui@example.com。"),
    Block("right", "示例银行股份有限公司"),
    Block("right", "2024年1月12日"),
)
"""A notice of a bank that does not exist: numbers, dates, document numbers, a ruled table, a signature."""
