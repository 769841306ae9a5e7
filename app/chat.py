"""The chat page: Gradio Blocks with one stateless event, everything shown escaped."""

from pathlib import Path
from typing import Any

import gradio as gr

from app.answer import compose
from app.render import answer_html, message_html, said
from index.errors import UserError
from index.question import MAX_CHARACTERS
from index.search import Searcher

CSS = Path(__file__).parent / "static" / "chat.css"

Message = dict[str, Any]

_TURNS_KEPT = 20  # the page sends its history with every question, so it must not grow for ever
_EXAMPLES = 4


def chat(searcher: Searcher, title: str, examples: tuple[str, ...]) -> gr.Blocks:
    """The chat over one searcher; `/?q=…` opens it with that question asked."""
    page = gr.Blocks(title=title, analytics_enabled=False, fill_height=True)
    with page:
        gr.Markdown(f"# {_plain(title)}\n[All articles](/articles)", elem_id="title")
        messages = gr.Chatbot(
            label="Conversation",
            show_label=False,
            elem_id="chat",
            autoscroll=False,
            buttons=[],
            feedback_options=None,
            latex_delimiters=[],
            layout="panel",
            placeholder=_greeting(searcher),
        )
        with gr.Row(elem_id="examples") as chips:
            offered = [gr.Button(text, size="sm") for text in _examples(searcher, examples)]
        box = gr.Textbox(
            label="Your question",
            show_label=False,
            placeholder="Ask in plain words",
            submit_btn="Ask",
            max_length=MAX_CHARACTERS,
            autofocus=True,
            elem_id="question",
        )
        _connect(searcher, page, messages=messages, box=box, chips=chips, offered=offered)
    return page


def _connect(
    searcher: Searcher,
    page: gr.Blocks,
    *,
    messages: gr.Chatbot,
    box: gr.Textbox,
    chips: gr.Row,
    offered: list[gr.Button],
) -> None:
    """Events without a queue: each question is one request, and nothing is kept between them."""

    def ask(question: str, history: list[Message]) -> tuple[str, list[Message], Any]:
        return "", _with_answer(searcher, question, history), gr.update(visible=False)

    def open_page(request: gr.Request) -> tuple[list[Message], Any]:
        question = request.query_params.get("q", "")
        history = _with_answer(searcher, question, []) if question else []
        return history, gr.update(visible=not question)

    plain: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    outputs = [box, messages, chips]
    box.submit(ask, [box, messages], outputs, **plain)
    for chip in offered:
        chip.click(ask, [chip, messages], outputs, **plain)
    page.load(open_page, None, [messages, chips], **plain)


def _with_answer(searcher: Searcher, question: str, history: list[Message]) -> list[Message]:
    try:
        reply = answer_html(compose(searcher, question, earlier=_questions(history)))
    except UserError as error:
        reply = message_html(f"{str(error)[0].upper()}{str(error)[1:]}.")
    shown = question if len(question) <= MAX_CHARACTERS else f"{question[:200]}…"
    turn = [{"role": "user", "content": message_html(shown)}, {"role": "assistant", "content": reply}]
    return [*history, *turn][-2 * _TURNS_KEPT :]


def _questions(history: list[Message]) -> list[str]:
    """What the person has asked so far, oldest first. The page sends it, so it may hold anything."""
    texts = [
        said(str(part.get("text", "")))[:MAX_CHARACTERS]
        for message in history[-2 * _TURNS_KEPT :]
        if message.get("role") == "user" and isinstance(message.get("content"), list)
        for part in message["content"]
    ]
    return [text for text in texts if text.strip()]


def _examples(searcher: Searcher, given: tuple[str, ...]) -> list[str]:
    """The owner's example questions; without any, questions made of the first articles' titles."""
    titles = [entry.title for _, entry in zip(range(_EXAMPLES), searcher.articles.entries(), strict=False)]
    return list(given[:_EXAMPLES]) or [f"What do the articles say about {title}?" for title in titles]


def _greeting(searcher: Searcher) -> str:
    count = searcher.manifest.counts.articles
    what = "one article" if count == 1 else f"{count:,} articles"
    return f"Ask {what}. Every answer is quoted, word for word, with its source."


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$&" else c for c in " ".join(text.split()))
