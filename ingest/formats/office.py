"""What .docx and .xlsx have in common: archives, unless they are locked, renamed or something else."""

from pathlib import Path

from ingest import texts
from rag.errors import UnreadableFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVE = b"PK\x03\x04"
LOCKED = "EncryptedPackage".encode("utf-16-le")


def refuse_what_is_no_archive(path: Path, suffix: str) -> None:
    """Raise UnreadableFile for an empty, password-protected, old-format or foreign file named .docx or .xlsx."""
    content = path.read_bytes()
    cure = texts.CURE_SAVE_AGAIN.format(suffix=suffix)
    if not content:
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_NO_TEXT)
    if content.startswith(OLE):
        if LOCKED in content:
            raise UnreadableFile(path.name, texts.PASSWORD, cure=texts.CURE_PASSWORD)
        raise UnreadableFile(path.name, texts.OLD_CONTENT.format(suffix=suffix), cure=cure)
    if not content.startswith(ARCHIVE):
        raise UnreadableFile(path.name, texts.MALFORMED.format(suffix=suffix), cure=cure)
