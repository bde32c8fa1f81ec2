"""The tree of errors that a person may see; every message says what disagreed and the cure.

KbqaError
├── ConfigError         exit 2   a setting is unknown or malformed
├── QuestionRejected    exit 2   an empty, over-long or unreadable question
├── IndexMissing        exit 3   no generation has been published
├── IndexDamaged        exit 3   the published generation fails its checksums
├── IndexMismatch       exit 3   the index was built by another model or format
├── UnreadableFile      exit 3   one source file cannot be used
├── ModelUnavailable    exit 3   the embedding model is absent or refused
├── LlmFailed           exit 3   a language model gave no whole answer
├── StorageFailed       exit 74  the disk is full or not writable
└── IngestBusy          exit 75  another writer holds the lock
"""


class KbqaError(Exception):
    """May be shown to the user as it is."""

    exit_code = 3


class ConfigError(KbqaError):
    """A setting is unknown or malformed."""

    exit_code = 2


class QuestionRejected(KbqaError):
    """The question is empty, too long or holds nothing readable."""

    exit_code = 2


class IndexMissing(KbqaError):
    """No generation has been published."""


class IndexDamaged(KbqaError):
    """The published generation fails verification."""


class IndexMismatch(KbqaError):
    """The index was built by another model or another format."""


class UnreadableFile(KbqaError):
    """One source file cannot be used; `line` is 1-based, 0 where it concerns the whole file."""

    def __init__(self, source: str, message: str, *, line: int = 0, cure: str = "") -> None:
        super().__init__(message)
        self.source, self.line, self.message, self.cure = source, line, message, cure


class ModelUnavailable(KbqaError):
    """The embedding model is absent, damaged or refused."""


class LlmFailed(KbqaError):
    """A language model gave no whole answer; `kind` names the failure, as in rag.llm_texts.LLM_FAILURES."""

    def __init__(self, kind: str, message: str, *, detail: str = "", retry_after: float | None = None) -> None:
        """`detail`: what the server said, keys masked; `retry_after`: seconds to wait that it asked for, if it did."""
        super().__init__(message)
        self.kind, self.detail, self.retry_after = kind, detail, retry_after


class StorageFailed(KbqaError):
    """The disk is full or not writable."""

    exit_code = 74


class IngestBusy(KbqaError):
    """Another writer holds the lock."""

    exit_code = 75
