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
    config = Config.from_env({"KBQA_LLM_API_KEY": " sk-secret\n"})
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


HERE = {"KBQA_LLM": "openai:m", "KBQA_LLM_BASE_URL": "http://127.0.0.1:8080/v1"}


class TestLanguageModel:
    def test_defaults(self) -> None:
        config = Config.from_env({})
        assert (config.llm, config.llm_base_url, config.llm_api_key) == ("", "", "")
        assert (config.llm_timeout, config.llm_temperature, config.unsupported) == (30.0, 0.0, "removed")

    def test_settings_are_read(self) -> None:
        config = Config.from_env(
            {
                "KBQA_LLM": "openai:deepseek-v4-flash",
                "KBQA_LLM_BASE_URL": "https://api.deepseek.com/v1",
                "KBQA_LLM_TIMEOUT": "8.5",
                "KBQA_LLM_TEMPERATURE": "0.2",
                "KBQA_LLM_EXTRA": '{"thinking": {"type": "disabled"}}',
                "KBQA_UNSUPPORTED": "struck",
            }
        )
        assert config.llm == "openai:deepseek-v4-flash"
        assert (config.llm_timeout, config.llm_temperature, config.unsupported) == (8.5, 0.2, "struck")

    @pytest.mark.parametrize("llm", ["embedded", "ollama:qwen2.5:7b"])
    def test_an_address_is_needed_only_where_there_is_no_other(self, llm: str) -> None:
        assert Config.from_env({"KBQA_LLM": llm}).llm == llm
        with pytest.raises(ConfigError, match="KBQA_LLM_BASE_URL"):
            Config.from_env({"KBQA_LLM": "openai:m"})

    @pytest.mark.parametrize(
        "llm", ["deepseek:deepseek-chat", "openai", "openai:", "ollama: ", "qwen2.5:7b", "Embedded"]
    )
    def test_models_that_nobody_knows(self, llm: str) -> None:
        with pytest.raises(ConfigError, match="KBQA_LLM ") as caught:
            Config.from_env({**HERE, "KBQA_LLM": llm})
        assert llm.strip() in str(caught.value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("KBQA_LLM_TIMEOUT", value) for value in ("", "0", "-1", "nan", "inf", "601", "三十")),
            *(("KBQA_LLM_TEMPERATURE", value) for value in ("-0.1", "2.1", "hot")),
            *(("KBQA_LLM_EXTRA", value) for value in ("[1]", "thinking=off", "5")),
            *(("KBQA_LLM_API_KEY", value) for value in ("sk- x", "秘钥", "a\nb")),
            *(("KBQA_UNSUPPORTED", value) for value in ("", "hidden")),
        ],
    )
    def test_malformed_values(self, name: str, value: str) -> None:
        with pytest.raises(ConfigError, match=name) as caught:
            Config.from_env({**HERE, name: value})
        assert caught.value.exit_code == 2
        if name == "KBQA_LLM_API_KEY":
            assert value not in str(caught.value)

    def test_extra_words_are_for_openai_only(self) -> None:
        with pytest.raises(ConfigError, match="KBQA_LLM_EXTRA"):
            Config.from_env({"KBQA_LLM": "ollama:m", "KBQA_LLM_EXTRA": "{}"})

    @pytest.mark.parametrize(
        "base_url",
        [
            *("http://169.254.169.254/v1", "http://2852039166/", "http://0xa9fea9fe/v1", "http://169.254.1/"),
            *("http://0251.0376.0251.0376/", "http://[::ffff:169.254.169.254]/v1", "http://[fe80::1%25eth0]:8000/v1"),
            *("http://[64:ff9b::a9fe:a9fe]/", "http://１６９.254.169.254/", "http://100.100.100.200/v1"),
            *("http://metadata.google.internal./v1", "http://METADATA.tencentyun.com", "http://[fd00:ec2::254]/"),
        ],
    )
    def test_addresses_where_clouds_hand_out_secrets(self, base_url: str) -> None:
        with pytest.raises(ConfigError, match="元数据"):
            Config.from_env({**HERE, "KBQA_LLM_BASE_URL": base_url})

    @pytest.mark.parametrize(
        "base_url",
        [
            *("127.0.0.1:8080/v1", "ftp://h/v1", "http://", "http://h:99999/v1", "http://[::1/v1", "http://a b/v1"),
            *("http://user:sk-secret@h/v1", "http://h/v1?key=1", "http://h/v1#x"),
        ],
    )
    def test_addresses_that_are_none(self, base_url: str) -> None:
        with pytest.raises(ConfigError, match="KBQA_LLM_BASE_URL") as caught:
            Config.from_env({**HERE, "KBQA_LLM_BASE_URL": base_url})
        assert "sk-secret" not in str(caught.value)

    @pytest.mark.parametrize(
        "base_url",
        [
            *(
                "https://api.deepseek.com/v1",
                "http://localhost:11434",
                "http://[::1]:8080/v1",
                "http://10.0.0.5:8000/v1",
            ),
            "https://dashscope.aliyuncs.com/compatible-mode/v1",
        ],
    )
    def test_addresses_of_models(self, base_url: str) -> None:
        assert Config.from_env({**HERE, "KBQA_LLM_BASE_URL": base_url}).llm_base_url == base_url
