"""The page: header, tabs, footer; its style and script travel in the head, so the CSP needs no script evaluation."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr

from ui import render, texts
from ui.chat import ChatTab, RagProvider, html_area
from ui.markup import tag

FOLDER = Path(__file__).resolve().parent
SANS = ["system-ui", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
MONO = ["ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"]
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<rect x='3' y='1' width='10' height='8' fill='%230e6655'/>"
    "<rect x='3' y='9' width='10' height='6' fill='%23c98a00'/>"
    "</svg>"
)
CONCURRENT_QUESTIONS = 8
QUEUED_QUESTIONS = 64

TabBuilder = Callable[[RagProvider], None]


def build_page(provider: RagProvider, tabs: Sequence[tuple[str, TabBuilder]] = ()) -> gr.Blocks:
    """The whole page; `tabs` are further (name, builder) pairs, each builder fills its own tab."""
    with gr.Blocks(title=texts.PRODUCT, analytics_enabled=False, fill_width=True) as page:
        header = html_area(render.header(), elem_id="kb-top")
        with gr.Tabs(elem_id="kb-tabs"):
            with gr.Tab(texts.TAB_CHAT):
                chat = ChatTab(provider, header)
            for name, build in tabs:
                with gr.Tab(name):
                    build(provider)
        html_area(tag("p", texts.DISCLAIMER), elem_id="kb-bottom")
        page.load(
            chat.load, None, chat.loaded, show_progress="hidden", api_visibility="private", concurrency_limit=None
        )
    return page.queue(default_concurrency_limit=CONCURRENT_QUESTIONS, max_size=QUEUED_QUESTIONS, api_open=False)


def head() -> str:
    """Style and script of the page, inline: nothing else is requested."""
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    words = {"copied": texts.COPIED, "failed": texts.COPY_FAILED, "source": texts.SOURCE_LABEL, "talk": texts.TAB_CHAT}
    icon = f'<link rel="icon" href="data:image/svg+xml,{ICON}">'
    return f"{icon}<style>{style}</style><script>const kbTexts={json.dumps(words)};{script}</script>"


def theme() -> gr.themes.Base:
    """System fonts only: no font is fetched, Chinese glyphs come from the reader's machine."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        font=SANS,
        font_mono=MONO,
        text_size=gr.themes.sizes.text_md,
        radius_size=gr.themes.sizes.radius_md,
        spacing_size=gr.themes.sizes.spacing_md,
    )
