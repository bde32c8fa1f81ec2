"""Formats of older or other programs: converted by LibreOffice where it is installed, else a word on what to do."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from ingest import texts
from ingest.extracted import Extracted
from ingest.formats import sheet, word
from rag.errors import UnreadableFile

PROGRAM = "soffice"
CONVERTED = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".docm", ".dot"), ".docx"),
    **dict.fromkeys((".xls", ".et", ".ods", ".xlsm"), ".xlsx"),
}
CURES = {
    **dict.fromkeys((".ppt", ".pptx", ".dps", ".odp"), texts.CURE_SLIDES),
    **dict.fromkeys((".ofd", ".caj", ".ceb", ".epub", ".mobi"), texts.CURE_READER),
    **dict.fromkeys((".zip", ".rar", ".7z"), texts.CURE_ARCHIVE),
}
READERS = {".docx": word.read, ".xlsx": sheet.read}
CURES_OF_TARGETS = {".docx": texts.CURE_AS_WORD, ".xlsx": texts.CURE_AS_SHEET}
PATIENCE = 120.0
"""Seconds; LibreOffice's first start on a busy machine takes ten to twenty."""


def read(path: Path) -> Extracted:
    """The text of a file of an older format. Raises UnreadableFile that says what to save it as."""
    suffix = path.suffix.lower()
    target = CONVERTED.get(suffix)
    program = shutil.which(PROGRAM)
    if target is None or program is None:
        cure = CURES_OF_TARGETS[target] if target else CURES.get(suffix, texts.CURE_OTHER)
        raise UnreadableFile(path.name, texts.FORMAT_REFUSED.format(suffix=suffix), cure=cure)
    with tempfile.TemporaryDirectory() as folder:
        converted = _converted(path, target, Path(folder), program)
        try:
            return READERS[target](converted)
        except UnreadableFile as error:
            raise UnreadableFile(path.name, error.message, cure=CURES_OF_TARGETS[target]) from error


def _converted(path: Path, target: str, folder: Path, program: str) -> Path:
    """The file as LibreOffice rewrites it, with a profile of its own so that no other run is disturbed."""
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        target.removeprefix("."),
        "--outdir",
        str(folder),
        str(path.resolve()),
    ]
    converted = folder / (path.stem + target)
    try:
        subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # a list, no shell
    except subprocess.TimeoutExpired as error:
        raise _failed(path, target) from error
    if not converted.is_file():
        raise _failed(path, target)
    return converted


def _failed(path: Path, target: str) -> UnreadableFile:
    message = texts.CONVERSION_FAILED.format(suffix=path.suffix.lower())
    return UnreadableFile(path.name, message, cure=CURES_OF_TARGETS[target])
