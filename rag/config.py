"""Settings: one frozen dataclass of plain values; the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from rag import texts
from rag.errors import ConfigError

PREFIX = "KBQA_"
ROOT = Path(__file__).resolve().parent.parent
BUNDLED, OFF = "bundled", "off"
OFFICIAL_HOSTS = (
    *("www.gov.cn", "flk.npc.gov.cn", "www.npc.gov.cn", "www.pbc.gov.cn", "www.nfra.gov.cn", "www.csrc.gov.cn"),
    *("www.safe.gov.cn", "www.mof.gov.cn", "www.moa.gov.cn", "www.ndrc.gov.cn", "www.miit.gov.cn", "www.stats.gov.cn"),
)
"""Where the central authorities publish laws, rules and figures themselves."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of the product; each field is the variable KBQA_<FIELD> in capitals."""

    kb_dir: Path = ROOT / "kb"
    """Source texts."""
    index_dir: Path = ROOT / "index"
    """Published generations and the embedding cache."""
    cache_dir: Path = field(default_factory=lambda: Path.home() / ".cache" / "kbqa")
    """Unpacked bundled model and the result of the CPU probe."""
    embedding_model: str = BUNDLED
    """`bundled`, a local sentence-transformers directory, or a hub name."""
    reader: str = BUNDLED
    """`bundled`: the shipped reader judges and picks sentences; `off`: the product as it is without."""
    journal_url: str = field(default="", repr=False)
    """SQLAlchemy URL of the journal; empty: SQLite beside the index."""
    fetch_hosts: tuple[str, ...] = OFFICIAL_HOSTS
    """Sites that `python -m ingest fetch` may download from: `host` or `host:port`, comma-separated in the variable."""
    llm: str = ""
    """`provider:model` of a language model; empty: extractive answers only."""
    llm_base_url: str = ""
    llm_api_key: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read KBQA_* variables. Raises ConfigError for an unknown name or an unusable value."""
        environ = os.environ if environ is None else environ
        known = {f"{PREFIX}{item.name.upper()}": item for item in fields(cls)}
        values: dict[str, Path | str | tuple[str, ...]] = {}
        for name, value in environ.items():
            if not name.startswith(PREFIX):
                continue
            if name not in known:
                raise ConfigError(texts.SETTING_UNKNOWN.format(name=name, known="、".join(sorted(known))))
            item = known[name]
            if item.type in (Path, "Path") and not value.strip():
                raise ConfigError(texts.SETTING_EMPTY.format(name=name))
            values[item.name] = Path(value).expanduser() if item.type in (Path, "Path") else value
            if item.name == "fetch_hosts":
                values[item.name] = tuple(host.strip().lower() for host in value.split(",") if host.strip())
        if values.get("reader", BUNDLED) not in {BUNDLED, OFF}:
            raise ConfigError(texts.READER_UNKNOWN.format(value=values["reader"]))
        if values.get("llm"):
            raise ConfigError(texts.LLM_NOT_SUPPORTED)
        return cls(**values)  # type: ignore[arg-type]


def quiet_libraries() -> None:
    """Switch off telemetry, hub look-ups and tokenizer forks; call before the libraries load."""
    for name, value in {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "LANGSMITH_TRACING": "false",
        "TRANSFORMERS_VERBOSITY": "error",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }.items():
        os.environ.setdefault(name, value)
