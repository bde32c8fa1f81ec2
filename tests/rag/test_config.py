"""Settings come from KBQA_* variables and from nowhere else."""

from dataclasses import fields
from pathlib import Path

import pytest

from rag.config import BUNDLED, PREFIX, ROOT, Config
from rag.errors import ConfigError


def test_defaults() -> None:
    config = Config.from_env({"PATH": "/bin", "OTHER_KBQA_X": "1"})
    assert (config.kb_dir, config.index_dir) == (ROOT / "kb", ROOT / "index")
    assert (config.embedding_model, config.llm) == (BUNDLED, "")
    assert config.cache_dir == Path.home() / ".cache" / "kbqa"


def test_paths_and_texts_are_read() -> None:
    config = Config.from_env(
        {
            "KBQA_KB_DIR": "~/资料",
            "KBQA_INDEX_DIR": "/srv/index",
            "KBQA_EMBEDDING_MODEL": "BAAI/bge-m3",
            "KBQA_CACHE_DIR": "/c",
        }
    )
    assert config.kb_dir == Path.home() / "资料"
    assert (config.index_dir, config.cache_dir) == (Path("/srv/index"), Path("/c"))
    assert config.embedding_model == "BAAI/bge-m3"


@pytest.mark.parametrize("name", ["KBQA_KB_DIRECTORY", "KBQA_", "KBQA_kb_dir"])
def test_an_unknown_setting_is_an_error_that_lists_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({name: "x"})
    assert name in str(caught.value)
    assert all(PREFIX + item.name.upper() in str(caught.value) for item in fields(Config))
    assert caught.value.exit_code == 2


def test_the_key_is_masked() -> None:
    config = Config.from_env({"KBQA_LLM_API_KEY": "sk-secret"})
    assert config.llm_api_key == "sk-secret"
    assert "sk-secret" not in repr(config)
    assert "sk-secret" not in str(config)


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Config().kb_dir = Path()  # type: ignore[misc]


@pytest.mark.parametrize(
    "config",
    [
        Config.from_env({}),
        Config(),
    ],
    ids=["from_env", "direct"],
)
def test_no_path_is_left_with_a_tilde(config: Config) -> None:
    assert not any("~" in str(getattr(config, item.name)) for item in fields(config))


def test_the_password_of_the_journal_is_masked() -> None:
    assert "secret" not in repr(Config.from_env({"KBQA_JOURNAL_URL": "postgresql://kbqa:secret@db/kbqa"}))


def test_an_empty_path_is_not_the_current_folder() -> None:
    try:
        config = Config.from_env({"KBQA_KB_DIR": ""})
    except ConfigError:
        return
    assert config.kb_dir == ROOT / "kb"


def test_the_sites_to_fetch_from() -> None:
    assert "www.gov.cn" in Config().fetch_hosts
    assert Config.from_env({"KBQA_FETCH_HOSTS": " WWW.Example.gov.cn, 127.0.0.1:8080 ,"}).fetch_hosts == (
        "www.example.gov.cn",
        "127.0.0.1:8080",
    )
    assert Config.from_env({"KBQA_FETCH_HOSTS": ""}).fetch_hosts == ()
