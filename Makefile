# 两条命令：make run 打开网页，make test 运行全部检查。其余见 make help。

HOST = 127.0.0.1# not "?=": some shells and tools put another HOST into the environment
PORT ?= 7860
PYTHON ?=
Q ?=
export Q

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_LLM := $(VENV)/.installed-llm
CANDIDATES := python3.11 python3.12 python3.13 python3
FREE_GIGABYTES := 4

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PUBLISHED := $(VENV_PYTHON) -c "import sys; from rag.config import Config; from rag.generation import published; published(Config.from_env().index_dir)" 2>/dev/null

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run ingest ask llm test clean

help: ## 显示这段说明
	@echo "用法：make 命令 [变量=值]"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "变量："
	@echo "  PORT=7860        网页端口"
	@echo "  HOST=127.0.0.1   监听地址；0.0.0.0 则局域网可访问（没有登录保护）"
	@echo "  PYTHON=          建立 .venv 所用的 Python（3.11 或更新），默认自动查找"
	@echo '  Q="问题"         make ask 要问的问题'

run: $(INSTALLED) ## 安装依赖（首次），没有索引时先建立索引，然后打开网页
	@$(PUBLISHED) || $(VENV_PYTHON) -m ingest || $(PUBLISHED)
	@exec $(VENV_PYTHON) app.py --host "$(HOST)" --port "$(PORT)"

ingest: $(INSTALLED) ## 资料有增删改后更新索引；没有变化时几秒即完成
	@exec $(VENV_PYTHON) -m ingest

ask: $(INSTALLED) ## 在命令行问一个问题：make ask Q="《农业保险条例》第十四条"
	@exec $(VENV_PYTHON) -m rag -- "$$Q"

llm: $(INSTALLED_LLM) ## 可选：安装大模型所需的软件包，取得内置大模型（1.1 GB，中断后可以接着取）
	@exec $(VENV_PYTHON) -m rag.assemble

test: $(INSTALLED_DEV) ## 运行全部检查：ruff、mypy、pytest
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m pytest

clean: ## 删除 .venv 和检查工具的缓存；资料、索引和问答记录都不动
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt
	@$(call make_venv)
	@$(call install,requirements.txt)
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt requirements-llm.txt $(INSTALLED)
	@$(call install,requirements-dev.txt)
	@touch $@

$(INSTALLED_LLM): requirements-llm.txt $(INSTALLED)
	@$(call install,requirements-llm.txt)
	@touch $@

# Keeps a .venv that works, so that a PyTorch build installed into it beforehand stays.
define make_venv
if ! { $(VENV_PYTHON) -c '$(NEW_ENOUGH)' && $(VENV_PYTHON) -m pip --version; } >/dev/null 2>&1; then \
	found=; \
	for name in $(if $(PYTHON),'$(PYTHON)',$(CANDIDATES)); do \
		if "$$name" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then found="$$name"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "没有找到可用的 Python 3.11 或更新版本：请先安装，或用 make PYTHON=路径 指定。" >&2; exit 1; \
	fi; \
	free=$$(df -Pk . | awk 'NR == 2 {print int($$4 / 1000000)}'); \
	if [ "$$free" -lt $(FREE_GIGABYTES) ]; then \
		echo "磁盘空间不足：安装依赖需要 $(FREE_GIGABYTES) GB，当前只剩 $$free GB，请清理后重试。" >&2; exit 1; \
	fi; \
	"$$found" -m venv --clear $(VENV) || { \
		echo "没能建立 $(VENV)：请确认 $$found 带有 venv 模块（Debian、Ubuntu 上是 python3-venv 软件包）。" >&2; exit 1; \
	}; \
fi
endef

define install
echo "安装 $(1)（首次需要几分钟）"; \
$(VENV_PYTHON) -m pip install --disable-pip-version-check --no-input -r $(1) || { \
	echo "依赖没有装好：请按上面的报错检查网络和磁盘，然后重新执行同一条命令。" >&2; exit 1; \
}
endef
