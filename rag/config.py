"""Settings: one frozen dataclass of plain values; the only reader of the environment."""

import ipaddress
import json
import os
import socket
import unicodedata
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag import llm_texts, texts
from rag.errors import ConfigError

PREFIX = "KBQA_"
ROOT = Path(__file__).resolve().parent.parent
BUNDLED, OFF = "bundled", "off"
EMBEDDED, OPENAI, OLLAMA = "embedded", "openai", "ollama"
REMOVED, STRUCK = "removed", "struck"
RANGES = {"llm_timeout": (1.0, 600.0), "llm_temperature": (0.0, 2.0)}
OFFICIAL_HOSTS = (
    *("www.gov.cn", "flk.npc.gov.cn", "www.npc.gov.cn", "www.pbc.gov.cn", "www.nfra.gov.cn", "www.csrc.gov.cn"),
    *("www.safe.gov.cn", "www.mof.gov.cn", "www.moa.gov.cn", "www.ndrc.gov.cn", "www.miit.gov.cn", "www.stats.gov.cn"),
)
"""Where the central authorities publish laws, rules and figures themselves."""
FORBIDDEN_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "64:ff9b::a9fe:0/112", "fd00:ec2::254/128")
)
"""Link-local addresses and those where clouds hand out secrets of the machine; never a language model."""
FORBIDDEN_HOSTS = {"metadata", "metadata.google.internal", "metadata.tencentyun.com", "instance-data"}


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
    """`openai:model`, `ollama:model` or `embedded`; empty: extractive answers only."""
    llm_base_url: str = ""
    """Where the model is served, e.g. `https://api.deepseek.com/v1`; Ollama's default is this machine."""
    llm_api_key: str = field(default="", repr=False)
    llm_timeout: float = 30.0
    """Seconds to the first piece of an answer."""
    llm_temperature: float = 0.0
    llm_extra: str = ""
    """A JSON object added to each request to an `openai:` model, e.g. to switch its thinking off."""
    unsupported: str = REMOVED
    """What the page does with a written sentence that has no support: `removed` or `struck`."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read KBQA_* variables. Raises ConfigError for an unknown name or an unusable value."""
        environ = os.environ if environ is None else environ
        known = {f"{PREFIX}{item.name.upper()}": item for item in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in environ.items():
            if not name.startswith(PREFIX):
                continue
            if name not in known:
                raise ConfigError(texts.SETTING_UNKNOWN.format(name=name, known="、".join(sorted(known))))
            values[known[name].name] = _read(name, known[name], value)
        config = cls(**values)
        if config.reader not in {BUNDLED, OFF}:
            raise ConfigError(texts.READER_UNKNOWN.format(value=config.reader))
        if config.unsupported not in {REMOVED, STRUCK}:
            raise ConfigError(llm_texts.UNSUPPORTED_UNKNOWN.format(value=config.unsupported))
        _check_llm(config)
        return config


def _read(name: str, item: Field[Any], value: str) -> Path | float | str | tuple[str, ...]:
    """One variable as the value of its field. Raises ConfigError."""
    if item.type in (Path, "Path"):
        if not value.strip():
            raise ConfigError(texts.SETTING_EMPTY.format(name=name))
        return Path(value).expanduser()
    if item.name == "fetch_hosts":
        return tuple(host.strip().lower() for host in value.split(",") if host.strip())
    if item.name in RANGES:
        low, high = RANGES[item.name]
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise ConfigError(llm_texts.NUMBER_WRONG.format(name=name, low=low, high=high, value=value))
        return number
    return value.strip() if item.name.startswith("llm") else value


def _check_llm(config: Config) -> None:
    """Raises ConfigError for settings of the language model that cannot work or must not be used."""
    provider, _, model = config.llm.partition(":")
    if config.llm and config.llm != EMBEDDED and not (provider in {OPENAI, OLLAMA} and model.strip()):
        raise ConfigError(llm_texts.LLM_UNKNOWN.format(value=config.llm))
    if provider == OPENAI and not config.llm_base_url:
        raise ConfigError(llm_texts.LLM_NO_BASE_URL)
    if config.llm_base_url and (wrong := _wrong_with(config.llm_base_url)):
        raise ConfigError(llm_texts.LLM_BASE_URL_WRONG.format(reason=llm_texts.LLM_BASE_URL_REASONS[wrong]))
    if any(not "!" <= character <= "~" for character in config.llm_api_key):
        raise ConfigError(llm_texts.LLM_API_KEY_WRONG)
    if config.llm_extra:
        try:
            extra = json.loads(config.llm_extra)
        except ValueError:
            extra = None
        if provider != OPENAI or not isinstance(extra, dict):
            raise ConfigError(llm_texts.LLM_EXTRA_WRONG)


def _wrong_with(base_url: str) -> str:
    """Why this address is not used, a key of llm_texts.LLM_BASE_URL_REASONS; '' where nothing is wrong with it."""
    try:
        url = urlsplit(base_url)
        host = unicodedata.normalize("NFKC", url.hostname or "").rstrip(".").partition("%")[0]
        usable = url.scheme in {"http", "https"} and bool(host) and url.port != 0
    except ValueError:
        return "form"
    if not usable or any(c.isspace() for c in base_url):
        return "form"
    if "@" in url.netloc:
        return "user"
    if url.query or url.fragment:
        return "query"
    address = _ip_address(host)
    inside = address and any(address in network for network in FORBIDDEN_NETWORKS if network.version == address.version)
    return "forbidden" if inside or host in FORBIDDEN_HOSTS else ""


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as, in any spelling that a resolver takes (2852039166, 0xa9fe.43518)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return getattr(address, "ipv4_mapped", None) or address


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


def patient_threads() -> None:
    """Let threads that wait for one another sleep soon, not spin; call before a library with OpenMP loads.

    On two cores of which another program had one, the embedded model wrote 10 tokens/s so, 0.2 without; alone 30 both.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
