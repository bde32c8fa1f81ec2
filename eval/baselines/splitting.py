"""Whole files cut every 500 characters, the way LangChain's documentation advises for Chinese."""

from collections.abc import Sequence
from pathlib import Path

from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

SIZE, OVERLAP = 500, 50
SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", "、", " ", ""]


def split_files(kb_dir: Path, sources: Sequence[str]) -> list[Document]:
    """Chunks of the files, front matter and all, each with its `source`."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=SIZE, chunk_overlap=OVERLAP, separators=SEPARATORS, keep_separator="end"
    )
    files = [Document((kb_dir / source).read_text(encoding="utf-8"), metadata={"source": source}) for source in sources]
    return splitter.split_documents(files)
