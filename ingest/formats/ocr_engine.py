"""A picture of a page -> upright pixels, boxes and their words, by rapidocr on the CPU, without a network.

The models are PP-OCRv6 small (detection, recognition) and PP-OCRv2 mobile (which side is up), by the PaddleOCR
authors, licence Apache-2.0, as they come inside the wheel of rapidocr 3.10.0 (Apache-2.0).
"""

import hashlib
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from ingest import texts
from rag.errors import ModelUnavailable

MODELS = {
    "Det": ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "Rec": ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
    "Cls": ("ch_ppocr_mobile_v2.0_cls_mobile.onnx", "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c"),
}
"""Step -> file in rapidocr/models and its SHA-256: weights are run, so no others are loaded."""
DETECTION_SIDE = 1280
"""Pixels to which the longer side is shrunk to find boxes; the words are read at full size."""
LEAST_SURE = 0.5
THREADS = 2
"""Lines that are read at once, each by one core: onnxruntime's own two threads burn a core's time waiting."""
SLIGHT_SKEW = 0.05
"""Degrees that are left as they are."""
VOTERS = 9
VOTE_WIDTH = 4
"""Heights of a line whose beginning says which side is up."""
UPSIDE_DOWN = "180"

Pixels = Any
"""H x W x 3, uint8, blue first."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def detected(pixels: Pixels) -> tuple[Pixels, list[Box]]:
    """The page turned upright and straight, and the boxes of its writing; no boxes where nothing is written."""
    import numpy as np

    corners = _corners(pixels)
    if sum(_tall(box) for box in corners) * 2 > len(corners):
        pixels = np.ascontiguousarray(np.rot90(pixels))
        corners = _corners(pixels)
    pixels, corners = _straight(pixels, corners)
    boxes = [box for box in map(_box, corners) if box[2] - box[0] > 3 and box[3] - box[1] > 3]
    if not _upside_down(pixels, boxes):
        return pixels, boxes
    height, width = pixels.shape[:2]
    turned = [(width - right, height - bottom, width - left, height - top) for left, top, right, bottom in boxes]
    return np.ascontiguousarray(pixels[::-1, ::-1]), turned


def words(pixels: Pixels, boxes: Sequence[Box]) -> list[str]:
    """What stands in each box, '' where the model is not sure."""
    crops = [_crop(pixels, box) for box in boxes]
    order = sorted(range(len(crops)), key=lambda i: crops[i].shape[1] / crops[i].shape[0])
    read = _models().recognize_txt
    found = [""] * len(crops)
    with ThreadPoolExecutor(THREADS) as pool:
        shares = [share for i in range(THREADS) if (share := order[i::THREADS])]
        for share, result in zip(shares, pool.map(lambda share: read([crops[i] for i in share]), shares), strict=True):
            for i, text, score in zip(share, result.txts, result.scores, strict=True):
                found[i] = text if score >= LEAST_SURE else ""
    return found


@lru_cache(maxsize=1)
def _models() -> Any:
    """rapidocr with checked files of its own; given a path it never looks for a model elsewhere."""
    from rapidocr import RapidOCR

    params: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTION_SIDE,
        "Rec.rec_batch_num": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return RapidOCR(params=params | {f"{step}.model_path": str(_checked(*model)) for step, model in MODELS.items()})


def _checked(name: str, digest: str) -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ImportError("rapidocr")
    path = Path(spec.origin).parent / "models" / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise ModelUnavailable(texts.OCR_MODEL_DIFFERS.format(path=path))
    return path


def _corners(pixels: Pixels) -> list[Any]:
    """The boxes of writing as four points each, clockwise from the upper left; [] where there is none."""
    from rapidocr.main import RapidOCRError

    try:
        _, found = _models().detect_and_crop(pixels, {})
    except RapidOCRError:  # how rapidocr says that it found nothing
        return []
    return list(found.boxes)


def _tall(box: Any) -> bool:
    return math.dist(box[0], box[3]) > 2 * math.dist(box[0], box[1])


def _straight(pixels: Pixels, corners: list[Any]) -> tuple[Pixels, list[Any]]:
    """The page turned back by the slope that its longer boxes share."""
    import cv2
    import numpy as np

    slopes = [
        math.degrees(math.atan2(*(box[1] - box[0])[::-1]))
        for box in corners
        if math.dist(box[0], box[1]) > 5 * math.dist(box[0], box[3])
    ]
    skew = median(slopes) if slopes else 0.0
    if abs(skew) < SLIGHT_SKEW:
        return pixels, corners
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(width * cosine + height * sine), round(width * sine + height * cosine)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    straight = cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return straight, [box @ turn[:, :2].T + turn[:, 2] for box in np.asarray(corners)]


def _box(corners: Any) -> Box:
    """The upright rectangle of four points; where they lie askew, halfway."""
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    return max(0, math.floor(left)), max(0, math.floor(top)), math.ceil(right), math.ceil(bottom)


def _upside_down(pixels: Pixels, boxes: Sequence[Box]) -> bool:
    """Whether most of the longest lines stand on their heads, by their beginnings."""
    longest = sorted(boxes, key=lambda box: box[0] - box[2])[:VOTERS]
    if not longest:
        return False
    crops = [_crop(pixels, box) for box in longest]
    starts = [crop[:, : VOTE_WIDTH * crop.shape[0]] for crop in crops]
    _, votes = _models().cls_and_rotate(starts)
    return 2 * sum(label == UPSIDE_DOWN for label, _ in votes.cls_res) > len(starts)


def _crop(pixels: Pixels, box: Box) -> Pixels:
    left, top, right, bottom = box
    return pixels[top:bottom, left:right]
