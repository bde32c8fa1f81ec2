"""Scans are read nearly without an error, in their order, with their tables; what cannot be read is said plainly."""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.apart.sandbox import extract
from ingest.formats import ocr
from ingest.formats.ocr import MOST_PIXELS, read, recognise
from ingest.formats.ocr_engine import MODELS, _checked
from rag.errors import ModelUnavailable, UnreadableFile
from rag.types import Page
from tests.conftest import ROOT
from tests.ingest.formats.scans import FONTS, NOTICE, Scan, Style, font, markdown_blocks, paginated

pytestmark = pytest.mark.skipif(not FONTS.is_dir(), reason=f"{FONTS} is absent: pages are set in Noto CJK")
SAME_MARKS = str.maketrans("，。；：、！？（）“”‘’—–－／％", ",.;:,!?()\"\"''---/%")
WORDS = "普惠贷款余额1,286.45亿元"


def strip(words: str = WORDS, size: tuple[int, int] = (640, 160)) -> Image.Image:
    """A small white picture with one line of print."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 50), words, fill="black", font=font(False, 36))
    return image


def saved(folder: Path, name: str, image: Image.Image, **how: object) -> Path:
    image.save(folder / name, **how)  # type: ignore[arg-type]
    return folder / name


def refusal(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.cure
    return caught.value


@pytest.fixture(scope="session")
def notice() -> Scan:
    return next(paginated(NOTICE, Style(size=33, angle=0.8), 1))


@pytest.fixture(scope="session")
def lines(notice: Scan) -> list[str]:
    return recognise(notice.image).rstrip("\n").split("\n")


class TestOnePage:
    def test_every_paragraph_is_a_line_and_every_sign_is_right(self, notice: Scan, lines: list[str]) -> None:
        found = [re.sub(r"\s", "", line) for line in lines if not line.startswith("|---")]
        assert found == [re.sub(r"\s", "", line) for line in notice.lines]

    def test_a_ruled_table_is_a_table(self, lines: list[str]) -> None:
        first = lines.index("| 产品 | 最高额度 | 期限 | 利率 |")
        assert lines[first + 1] == "|---|---|---|---|"
        assert lines[first + 5] == "| 设施农业抵押贷 | 1,200 | 8年 | 4.35% |"

    @pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180])
    def test_a_page_may_lie_on_its_side_or_head(self, turn: Image.Transpose) -> None:
        scan = next(paginated(NOTICE[:4], Style(size=44), 1))
        page = scan.image.crop((100, 100, 1554, 900))
        assert recognise(page.transpose(turn)).split("\n")[:-1] == scan.lines[:-1]

    @pytest.mark.parametrize("size", [(1, 1), (5, 900), (900, 5), (300, 200), (30, 4000)])
    def test_nothing_is_written_on_it(self, size: tuple[int, int]) -> None:
        assert recognise(Image.new("RGB", size, "white")) == ""

    def test_a_long_screenshot_is_cut_between_lines(self) -> None:
        image = Image.new("RGB", (460, 2400), "white")
        draw = ImageDraw.Draw(image)
        said = [f"第{i}项贷款余额为{i * 37}万元。" for i in range(1, 41)]
        for i, words in enumerate(said):
            draw.text((20, 20 + 59 * i), words, fill="black", font=font(False, 24))
        assert "".join(recognise(image).split()) == "".join(said)


class TestFiles:
    def test_each_picture_of_a_tiff_is_a_page(self, tmp_path: Path) -> None:
        pictures = [
            strip("第一页的余额为100亿元"),
            Image.new("RGB", (640, 160), "white"),
            strip("第三页的余额为300亿元"),
        ]
        path = saved(tmp_path, "a.tiff", pictures[0], save_all=True, append_images=pictures[1:])
        found = read(path)
        assert [found.text[page.start : page.end] for page in found.pages] == [
            "第一页的余额为100亿元\n",
            "",
            "第三页的余额为300亿元\n",
        ]
        assert found.pages[1] == Page(2, 13, 13, ("no_text",), recognised=True)
        assert all(page.recognised for page in found.pages)

    @pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp", "a.gif", "a.tif"])
    def test_formats(self, tmp_path: Path, name: str) -> None:
        found = read(saved(tmp_path, name, strip()))
        assert found.text == WORDS + "\n"
        assert found.pages == (Page(1, 0, len(found.text), recognised=True),)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
    def test_kinds_of_pixels(self, tmp_path: Path, mode: str) -> None:
        if mode == "I;16":
            image = Image.fromarray(np.asarray(strip().convert("L")).astype(np.uint16) * 257)
        elif mode == "RGBA":
            image = Image.new("RGBA", (640, 160), (0, 0, 0, 0))
            ImageDraw.Draw(image).text((40, 50), WORDS, fill="black", font=font(False, 36))
        else:
            image = strip().convert(mode)
        assert read(saved(tmp_path, "a.tif" if mode == "CMYK" else "a.png", image)).text == WORDS + "\n"

    def test_the_camera_says_which_side_is_up(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        path = saved(tmp_path, "a.jpg", strip().transpose(Image.Transpose.ROTATE_90), exif=exif)
        assert read(path).text == WORDS + "\n"


class TestRefusals:
    def test_no_text(self, tmp_path: Path) -> None:
        picture = Image.effect_noise((300, 200), 20)
        assert "没有认出文字" in refusal(saved(tmp_path, "a.png", picture)).message

    def test_no_picture(self, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(b"%PDF-1.4 is no picture")
        assert "不是可读的图片" in refusal(path).message

    @pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp", "a.gif", "a.tif"])
    def test_cut_off(self, tmp_path: Path, name: str) -> None:
        path = saved(tmp_path, name, Image.effect_noise((400, 300), 80).convert("RGB"))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert refusal(path).message in {
            "图片已损坏或不完整",
            "内容不是可读的图片（可读 PNG、JPEG、TIFF、BMP、WEBP、GIF）",
        }

    @pytest.mark.parametrize("size", [(MOST_PIXELS // 5000 + 1, 5000), (10_000, 9_500), (60_000, 60_000)])
    def test_too_many_pixels(self, tmp_path: Path, size: tuple[int, int]) -> None:
        """The size is told by the head of the file; its pixels are never unpacked."""
        path = saved(tmp_path, "a.bmp", Image.new("1", (8, 8)))
        content = bytearray(path.read_bytes())
        content[18:26] = size[0].to_bytes(4, "little") + size[1].to_bytes(4, "little")
        path.write_bytes(content)
        assert refusal(path).message == "图片超过 6000 万像素的上限"


def test_no_model_but_the_known_ones_is_loaded() -> None:
    name, digest = MODELS["Rec"]
    assert _checked(name, digest).is_file()
    for wrong in ((name, "0" * 64), ("other.onnx", digest)):
        with pytest.raises(ModelUnavailable, match="rapidocr"):
            _checked(*wrong)


@pytest.mark.slow
def test_a_page_is_read_without_network_and_within_the_limits_of_the_sandbox(tmp_path: Path, notice: Scan) -> None:
    found = extract(saved(tmp_path, "a.png", notice.image))
    assert "示银发〔2024〕23号" in found.text


def twenty_pages() -> Iterator[Scan]:
    """Notices, laws, an article in two columns and tables, in two faces and four sizes, ±1° askew."""

    def taken(source: str, pages: int, style: Style, seed: int) -> Iterator[Scan]:
        text = (ROOT / "kb" / source).read_text(encoding="utf-8")
        return islice(paginated(markdown_blocks(text), style, seed), pages)

    yield from paginated(NOTICE, Style(size=38, angle=0.6), 0)
    yield from paginated(NOTICE, Style(serif=False, angle=-0.9), 100)
    yield from taken("policies/商业银行法.md", 3, Style(size=38, leading=1.5, angle=0.4), 200)
    yield from taken("policies/农村土地承包法.md", 3, Style(serif=False, angle=-0.7), 300)
    yield from taken("policies/征信业管理条例.md", 2, Style(size=29, angle=1.0, noise=12), 400)
    central = "policies/2018年中央一号文件-实施乡村振兴战略的意见.md"
    yield from taken(central, 2, Style(angle=-1.0, quality=60), 500)
    two = Style(serif=False, size=29, leading=1.5, columns=2, angle=0.2)
    yield from taken("policies/乡村振兴促进法.md", 2, two, 600)
    two = Style(size=25, leading=1.5, columns=2, angle=-0.5)
    yield from taken("paper/金融赋能县域经济高质量发展路径探究.md", 2, two, 700)
    yield from taken("statistics/涉农贷款余额.md", 2, Style(size=29, angle=0.8), 800)
    yield from taken("statistics/普惠型小微企业贷款.md", 2, Style(serif=False, size=29, angle=-0.4), 900)


def compared(lines: Sequence[str]) -> list[str]:
    """Lines without blanks and bars, variants of one mark as one."""
    written = (line.translate(SAME_MARKS) for line in lines if not line.startswith("|---"))
    return [compact for line in written if (compact := re.sub("-+", "-", re.sub(r"[\s|]", "", line)))]


def edits(reference: str, found: str) -> int:
    """Levenshtein distance, a row of its table at a time."""
    signs, places = np.array([*map(ord, reference)]), np.arange(len(reference) + 1)
    row = places
    for count, sign in enumerate(found, start=1):
        after = np.concatenate(([count], np.minimum(row[1:] + 1, row[:-1] + (signs != ord(sign)))))
        row = np.minimum.accumulate(after - places) + places
    return int(row[-1])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_errors_and_time_over_twenty_pages(notice: Scan) -> None:
    """Told: errors by page, CPU and wall seconds; on a busy machine only the CPU seconds say what a page costs."""
    recognise(notice.image)
    wrong = signs = pages = whole = paragraphs = 0
    cpu = wall = 0.0
    for pages, scan in enumerate(twenty_pages(), start=1):
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        text = recognise(scan.image)
        spent, waited = time.process_time() - cpu_start, time.perf_counter() - wall_start
        reference, found = compared(scan.lines), compared([*text.split("\n")])
        errors, length = edits("".join(reference), "".join(found)), len("".join(reference))
        kept = len(set(reference) & set(found))
        print(f"{pages:2} {length:5} signs, {errors} wrong, {spent:.2f} s CPU, {waited:.2f} s wall")  # noqa: T201
        wrong, signs, whole, paragraphs = wrong + errors, signs + length, whole + kept, paragraphs + len(set(reference))
        cpu, wall = cpu + spent, wall + waited
    print(f"{pages} pages: {wrong / signs:.3%} of {signs} signs wrong, {whole} of {paragraphs} paragraphs the same")  # noqa: T201
    print(f"a page: {cpu / pages:.2f} s CPU, {wall / pages:.2f} s wall")  # noqa: T201
    assert pages == 20
    assert wrong <= 0.01 * signs
    assert whole >= 0.95 * paragraphs
    assert cpu <= 6.0 * pages, "3 s on two cores"


def test_the_limits_are_those_of_the_sandbox() -> None:
    from ingest.apart.extract import IMAGES, LIMITS

    assert LIMITS.pages == ocr.MOST_PAGES
    assert {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"} <= set(IMAGES)
