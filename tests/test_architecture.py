"""The rules of the house, read from the syntax of every file; each failure is a sentence."""

import ast
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENTRIES = {"ingest", "eval", "ui", "study", "training", "app"}
LAYERS = {
    "rag.types": 0,
    "rag.errors": 0,
    "rag.config": 1,
    "rag.texts": 1,
    "rag.llm_texts": 1,
    "rag.command_line": 2,
    "rag.prompts": 1,
    "rag.normalise": 1,
    "rag.numerals": 1,
    "rag.period": 1,
    "rag.quantity": 1,
    "rag.address": 1,
    "rag.asked": 1,
    "rag.generation": 1,
    "rag.embedding": 2,
    "rag.bundled": 2,
    "rag.reader": 2,
    "rag.network": 2,
    "rag.store": 2,
    "rag.lexical": 2,
    "rag.catalog": 2,
    "rag.journal": 2,
    "rag.llm": 2,
    "rag.llm_response": 2,
    "rag.patience": 2,
    "rag.background": 2,
    "rag.llm_check": 3,
    "rag.assemble": 2,
    "rag.embedded": 2,
    "rag.question": 2,
    "rag.described": 2,
    "rag.shortened": 2,
    "rag.standing": 2,
    "rag.tables": 1,
    "rag.facts": 3,
    "rag.retrieve": 3,
    "rag.reading": 3,
    "rag.judge": 3,
    "rag.extract": 3,
    "rag.figures": 3,
    "rag.lists": 3,
    "rag.list_asked": 2,
    "rag.recent": 3,
    "rag.enumeration": 1,
    "rag.series": 3,
    "rag.rank": 3,
    "rag.rerank": 3,
    "rag.lead_in": 3,
    "rag.absence": 3,
    "rag.anothers": 3,
    "rag.refuse": 3,
    "rag.demand": 3,
    "rag.clauses": 3,
    "rag.lookup": 3,
    "rag.sections": 3,
    "rag.relative": 3,
    "rag.followup": 3,
    "rag.subject": 3,
    "rag.substitution": 3,
    "rag.compare": 3,
    "rag.compose": 3,
    "rag.premise": 3,
    "rag.suggest": 3,
    "rag.generate": 3,
    "rag.rewrite": 3,
    "rag.plain": 1,
    "rag.claims": 1,
    "rag.wording": 1,
    "rag.names": 3,
    "rag.polarity": 3,
    "rag.edits": 3,
    "rag.figure_check": 3,
    "rag.segments": 1,
    "rag.reckoning": 1,
    "rag.cues": 1,
    "rag.clause_check": 3,
    "rag.support": 3,
    "rag.verify": 3,
    "rag.chain": 4,
    "rag.runnable": 4,
    "rag": 4,  # the package itself only re-exports; it loads the chain when it is asked for
    "rag.__main__": 5,
}
DOORS = {
    "chromadb": {"rag/store.py", "eval/baselines/"},
    "sentence_transformers": {"rag/embedding.py", "rag/reader.py"},
    "torch": {"rag/embedding.py", "rag/network.py", "rag/reader.py", "training/"},
    "transformers": {"rag/embedding.py", "rag/network.py"},
    "huggingface_hub": {"rag/embedding.py"},
    "tokenizers": {"rag/bundled.py", "rag/network.py", "training/"},
    "safetensors": {"rag/bundled.py", "rag/network.py", "training/"},
    "bm25s": {"rag/lexical.py", "eval/baselines/"},
    "rjieba": {"rag/lexical.py", "eval/baselines/"},
    "opencc": {"rag/normalise.py"},
    "cn2an": {"rag/numerals.py", "rag/quantity.py"},
    "sqlalchemy": {"rag/journal.py"},
    "sqlite3": {"rag/catalog.py", "ingest/apart/extractions.py", "ingest/vectors.py"},
    "yaml": {"ingest/load.py", "ingest/admin/sidecar.py"},
    "gradio": {"ui/", "app.py"},
    "fastapi": {"ui/", "app.py"},
    "starlette": {"ui/", "app.py"},
    "uvicorn": {"ui/", "app.py"},
    "langchain": {"rag/llm.py"},
    "langchain_openai": {"rag/llm.py"},
    "langchain_ollama": {"rag/llm.py"},
    "openai": {"rag/llm.py"},
    "ollama": {"rag/llm.py"},
    "httpx": {"rag/llm.py"},
    "httpx2": {"rag/llm.py"},
    "langchain_core": {"rag/llm.py", "rag/runnable.py", "eval/baselines/"},
    "langchain_chroma": {"eval/baselines/"},
    "langchain_text_splitters": {"eval/baselines/"},
    "xllamacpp": {"rag/embedded.py"},
    "pygal": {"eval/plots.py"},
    "rapidocr": {"ingest/formats/ocr_engine.py"},
    "cv2": {"ingest/formats/ocr"},
    "fsrs": {"study/"},
    "pdfminer": {"ingest/formats/grids.py"},
    "pdfplumber": {"ingest/formats/grids.py"},
    "pypdfium2": {"ingest/apart/extract.py", "ingest/formats/"},
}
STANDARD_LIBRARY_ONLY = {
    "rag/types.py",
    "rag/errors.py",
    "rag/generation.py",
    "rag/texts.py",
    "rag/llm_texts.py",
    "rag/prompts.py",
}
FUNCTION_LINES, FILE_LINES, TOLERATED_LINES, PARAMETERS = 40, 250, 300, 6
LONGER = re.compile(r"(?m)^# Longer than 250 lines: \S.*")

SENTENCE_FILES = {
    "rag/texts.py",
    "rag/llm_texts.py",
    "rag/prompts.py",
    "ingest/texts.py",
    "ingest/admin/texts.py",
    "ui/texts.py",
    "eval/texts.py",
    "eval/report_texts.py",
    "study/texts.py",
}
CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—·]{10,}")
KNOWN_CHINESE = {
    "rag/normalise.py": "the table of radicals and their characters is data",
    "rag/numerals.py": "the digits are data of patterns",
    "rag/quantity.py": "the digits are data of patterns",
    "rag/embedding.py": "the text with which the CPU is timed is shown to nobody",
    "rag/reader.py": "the text with which the reader is timed is shown to nobody",
    "rag/claims.py": "the digits are data of patterns",
    "rag/plain.py": "the digits are data of patterns",
    "rag/wording.py": "the equal wordings are data",
    "rag/cues.py": "the words that turn a sentence are data",
    "eval/swaps.py": "the words that are swapped are data",
    "ingest/formats/word_numbering.py": "the signs that lists count with are data",
    "ingest/formats/plain.py": "the punctuation of Chinese text is data",
    "ingest/stated/issuers.py": "the names of the bodies that issue texts are data",
    "eval/clauses.py": "the digits are data of patterns",
    "training/corpora.py": "names of files and templates of questions are data",
}
HEAVY = {
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "gradio",
    "langchain_core",
    "langchain",
    "sqlalchemy",
}


@dataclass(frozen=True)
class Module:
    name: str
    place: str
    text: str
    tree: ast.Module

    @property
    def entry(self) -> str:
        return self.name.split(".")[0]


def read_module(path: Path) -> Module:
    place = path.relative_to(ROOT).as_posix()
    name = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    text = path.read_text(encoding="utf-8")
    return Module(name, place, text, ast.parse(text, place))


def project_files() -> list[Path]:
    folders = [path for name in ("rag", *sorted(ENTRIES)) for path in (ROOT / name).rglob("*.py")]
    return sorted([*folders, *(path for path in ROOT.glob("*.py"))])


MODULES = [read_module(path) for path in project_files()]
NAMES = {module.name for module in MODULES}


def imports_of(module: Module, *, types_too: bool = True) -> Iterator[tuple[int, str]]:
    """(line, module imported), wherever it stands; relative imports do not occur (see below)."""
    ignored = set() if types_too else {id(n) for block in type_blocks(module.tree) for n in ast.walk(block)}
    for found in ast.walk(module.tree):
        if id(found) in ignored:
            continue
        if isinstance(found, ast.Import):
            yield from ((found.lineno, alias.name) for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module:
            whole = [f"{found.module}.{alias.name}" for alias in found.names]
            yield from ((found.lineno, name if name in NAMES else found.module) for name in whole)


def type_blocks(tree: ast.Module) -> list[ast.If]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test).endswith("TYPE_CHECKING")]


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def say(sentences: list[str]) -> None:
    """Fail with the sentences, if there are any."""
    if sentences:
        pytest.fail("\n".join(sentences), pytrace=False)


def test_there_is_something_to_look_at() -> None:
    assert {"rag.types", "ingest.build", "rag.store"} <= NAMES


class TestLayers:
    def test_every_file_of_rag_has_a_layer(self) -> None:
        unknown = sorted(name for name in NAMES if name.startswith("rag") and name not in LAYERS)
        say(
            [
                f"{name} has no layer: give it one in tests/test_architecture.py, with the files it resembles."
                for name in unknown
            ]
        )

    def test_imports_go_down_or_sideways(self) -> None:
        say(
            [
                f"{module.place}:{line} (layer {LAYERS[module.name]}) must not import {target} ({LAYERS[target]})."
                for module in MODULES
                if module.name in LAYERS and module.name != "rag"
                for line, target in imports_of(module)
                if LAYERS.get(target, 0) > LAYERS[module.name]
            ]
        )

    def test_rag_imports_no_entry(self) -> None:
        say(
            [
                f"{module.place}:{line} imports {target}: the library must not know who uses it."
                for module in MODULES
                if module.entry == "rag"
                for line, target in imports_of(module)
                if target.split(".")[0] in ENTRIES
            ]
        )

    def test_entries_never_import_one_another(self) -> None:
        say(
            [
                f"{module.place}:{line} imports {target}: only app.py joins the entries."
                for module in MODULES
                if module.entry in ENTRIES - {"app"}
                for line, target in imports_of(module)
                if target.split(".")[0] in ENTRIES - {module.entry}
            ]
        )

    def test_no_circles(self) -> None:
        below = {m.name: {t for _, t in imports_of(m, types_too=False) if t in NAMES and t != m.name} for m in MODULES}
        say(
            [
                f"{name} imports itself by way of {' -> '.join(circle)}."
                for name in sorted(below)
                if (circle := way_back(name, below))
            ]
        )

    def test_imports_are_absolute(self) -> None:
        say(
            [
                f"{module.place}:{found.lineno} has a relative import; name the package."
                for module in MODULES
                for found in ast.walk(module.tree)
                if isinstance(found, ast.ImportFrom) and found.level
            ]
        )


def way_back(start: str, below: dict[str, set[str]]) -> list[str]:
    """A way of imports from a module back to itself; empty if there is none."""
    if start == "rag":
        return []
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        for target in below.get(way[-1], set()) - {"rag"}:
            if target == start:
                return [*way, start]
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []


class TestDoors:
    @pytest.mark.parametrize("library", sorted(DOORS))
    def test_each_library_has_its_door(self, library: str) -> None:
        doors = tuple(DOORS[library])
        say(
            [
                f"{module.place}:{line} imports {target}; {library} is used only through {' and '.join(sorted(doors))}."
                for module in MODULES
                if not module.place.startswith(doors)
                for line, target in imports_of(module)
                if target.split(".")[0] == library
            ]
        )

    def test_the_environment_is_read_in_one_place(self) -> None:
        names = {"os.environ", "os.getenv", "os.putenv", "os.environb", "os.unsetenv"}
        say(
            [
                f"{module.place}:{found.lineno} touches {ast.unparse(found)}; settings are read only in rag/config.py."
                for module in MODULES
                if module.place != "rag/config.py"
                for found in ast.walk(module.tree)
                if isinstance(found, ast.Attribute) and ast.unparse(found) in names
            ]
            + [
                f"{module.place}:{found.lineno} imports the environment; settings are read only in rag/config.py."
                for module in MODULES
                if module.place != "rag/config.py"
                for found in ast.walk(module.tree)
                if isinstance(found, ast.ImportFrom)
                and found.module == "os"
                and {a.name for a in found.names} & {"environ", "getenv"}
            ]
        )

    def test_the_lowest_layer_needs_nothing_but_python(self) -> None:
        say(
            [
                f"{module.place}:{line} imports {target}; this file gets by on the standard library."
                for module in MODULES
                if module.place in STANDARD_LIBRARY_ONLY
                for line, target in imports_of(module)
                if target.split(".")[0] not in sys.stdlib_module_names | {"rag"}
            ]
        )

    def test_importing_does_no_work(self) -> None:
        """`import rag` and the front of ingest stay light: the libraries load when something is asked of them."""
        light = "rag, rag.config, rag.texts, rag.generation, rag.embedding, rag.bundled, rag.normalise, rag.address"
        code = f"import sys, {light}; print(*sorted({HEAVY!r} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        say([f"Importing the light modules loads {name}; import it where it is used." for name in done.stdout.split()])


class TestSizes:
    def test_functions_fit_a_screen(self) -> None:
        say(
            [
                f"{module.place}:{found.lineno} {found.name} has {lines} lines; {FUNCTION_LINES} are the limit."
                for module in MODULES
                for found in functions(module)
                if (lines := (found.end_lineno or found.lineno) - found.lineno + 1) > FUNCTION_LINES
            ]
        )

    def test_functions_have_few_parameters(self) -> None:
        say(
            [
                f"{module.place}:{found.lineno} {found.name} has {count} parameters; {PARAMETERS} are the limit."
                for module in MODULES
                for found in functions(module)
                if (count := parameters(found)) > PARAMETERS
            ]
        )

    def test_files_hold_one_idea(self) -> None:
        found = []
        for module in MODULES:
            lines = module.text.count("\n")
            if lines > TOLERATED_LINES:
                found.append(f"{module.place} has {lines} lines; {TOLERATED_LINES} are the limit, whatever the reason.")
            elif lines > FILE_LINES and not LONGER.search(module.text):
                found.append(
                    f"{module.place} has {lines} lines; say why in a comment '# Longer than 250 lines: …' or split it."
                )
        say(found)


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}]) + bool(given.vararg) + bool(given.kwarg)


class TestWords:
    def test_nothing_prints_but_entry_points(self) -> None:
        say(
            [
                f"{module.place}:{found.lineno} prints; only a __main__.py speaks to the terminal."
                for module in MODULES
                if not module.place.endswith("__main__.py")
                for found in ast.walk(module.tree)
                if isinstance(found, ast.Call) and isinstance(found.func, ast.Name) and found.func.id == "print"
            ]
        )

    def test_chinese_sentences_live_in_the_text_files(self) -> None:
        say(
            [
                f"{module.place}:{line} holds the sentence “{sentence}”; move it to the texts.py of its package."
                for module in MODULES
                if module.place not in SENTENCE_FILES | set(KNOWN_CHINESE)
                for line, sentence in chinese_sentences(module.tree)
            ]
        )

    def test_the_exceptions_are_still_needed(self) -> None:
        say(
            [
                f"{module.place} has an excuse ({KNOWN_CHINESE[module.place]}) and no need of it; strike it out."
                for module in MODULES
                if module.place in KNOWN_CHINESE and not list(chinese_sentences(module.tree))
            ]
        )

    def test_every_module_says_what_it_is(self) -> None:
        say(
            [
                f"{m.place} has no docstring; say in a sentence what it is for."
                for m in MODULES
                if not ast.get_docstring(m.tree)
            ]
        )


def chinese_sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of string literals that read as sentences: no docstrings, no patterns given to re.compile."""
    skipped: set[int] = set()
    for found in ast.walk(tree):
        if isinstance(found, ast.Expr) and isinstance(found.value, ast.Constant):
            skipped.add(id(found.value))
        if isinstance(found, ast.Call) and ast.unparse(found.func) == "re.compile":
            skipped.update(id(part) for part in ast.walk(found))
    for found in ast.walk(tree):
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and id(found) not in skipped:
            match = CHINESE.search(found.value)
            if match:
                yield found.lineno, match[0]


class TestTheseTests:
    """A rule that never fails guards nothing."""

    @pytest.mark.parametrize(
        ("code", "found"),
        [
            ("x = '请先执行入库命令然后重试。'", True),
            ("x = f'{a}请先执行入库命令然后重试。'", True),
            ("x = '县域金融'", False),
            ('"""请先执行入库命令然后重试。"""', False),
            ('def f():\n    """请先执行入库命令然后重试。"""', False),
            ("x = re.compile('请先执行入库命令然后重试。')", False),
            ("x = '县 域 金 融 高 质 量 发 展'", False),
        ],
    )
    def test_chinese_sentences(self, code: str, found: bool) -> None:
        assert bool(list(chinese_sentences(ast.parse(code)))) == found

    def test_imports_anywhere_are_seen(self) -> None:
        code = "import a.b\nfrom rag import types\ndef f():\n    from chromadb.config import Settings\n"
        module = Module("rag.x", "rag/x.py", code, ast.parse(code))
        assert {name for _, name in imports_of(module)} == {"a.b", "rag.types", "chromadb.config"}

    def test_circles_are_seen(self) -> None:
        assert way_back("a", {"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
        assert way_back("a", {"a": {"b"}, "b": {"c"}, "c": {"b"}}) == []

    def test_the_network_is_cut(self) -> None:
        for address in (("192.0.2.1", 80), ("example.org", 443)):
            with socket.socket() as outside, pytest.raises(AssertionError, match="must not use the network"):
                outside.connect(address)
