"""The chat page: Gradio Blocks with one stateless event, everything shown escaped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.answer import compose
from app.language import Language, chosen, of_reader
from app.live import Collection
from app.render import answer_html, message_html, said
from app.section import Section
from app.settings import Settings
from app.smalltalk import EXAMPLES, made_of_titles
from index.errors import BadQuestion, UserError
from index.question import MAX_CHARACTERS

Message = dict[str, Any]

_TURNS_KEPT = 10  # the page sends its conversation with every question and draws it anew with every answer
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of the page changes."""

    title: gr.Markdown
    messages: gr.Chatbot
    chips: gr.Row
    here: gr.Checkbox
    box: gr.Textbox


class Chat:
    """The chat over the collection that is current when a question is asked.

    Its address may say `q` (a question to ask at once), `language`, and with `page_url` and
    `page_title` the page that it stands on.
    """

    def __init__(self, current: Callable[[], Collection], settings: Settings) -> None:
        self._current = current
        self._settings = settings

    def page(self) -> gr.Blocks:
        """The page, made anew; its texts become the reader's own when it is opened."""
        language = chosen()
        page = gr.Blocks(title=self._settings.title, analytics_enabled=False, fill_height=True)
        with page:
            title = gr.Markdown(self._heading(language), elem_id="title")
            messages = gr.Chatbot(
                label=language.say("chat.conversation"),
                show_label=False,
                elem_id="chat",
                autoscroll=False,
                buttons=[],
                feedback_options=None,
                latex_delimiters=[],
                layout="panel",
                placeholder=self._greeting(language),
            )
            with gr.Row(elem_id="examples") as chips:
                offered = [gr.Button(text, size="sm", visible=bool(text)) for text in self._examples(language)]
            here = gr.Checkbox(label=" ", value=True, visible=False, container=False, elem_id="here")
            box = gr.Textbox(
                label=language.say("chat.question"),
                show_label=False,
                placeholder=language.say("chat.placeholder"),
                submit_btn=language.say("chat.ask"),
                max_length=MAX_CHARACTERS,
                autofocus=True,
                elem_id="question",
            )
            self._connect(page, _Parts(title, messages, chips, here, box), offered)
        return page

    def _connect(self, page: gr.Blocks, parts: _Parts, offered: list[gr.Button]) -> None:
        """Events without a queue: each question is one request, and nothing is kept between them."""
        plain: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        asked = [parts.box, parts.messages, parts.chips]
        parts.box.submit(self._ask, [parts.box, parts.messages, parts.here], asked, **plain)
        for chip in offered:
            chip.click(self._ask, [chip, parts.messages, parts.here], asked, **plain)
        page.load(self._open, None, [parts.title, *asked, parts.here, *offered], **plain)

    def _ask(
        self, question: str, history: list[Message], here: bool, request: gr.Request
    ) -> tuple[str, list[Message], Any]:
        language = of_reader(request.query_params, request.headers)
        section = self._section(request) if here else None
        return "", self._with_answer(question, history, section, language), gr.update(visible=False)

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        language, section = of_reader(request.query_params, request.headers), self._section(request)
        question = request.query_params.get("q", "")
        answered = self._with_answer(question, [], section, language) if question else []
        say = language.say
        here = _literal(say("chat.section", name=section.name)) if section else ""
        return (
            self._heading(language),
            gr.update(label=say("chat.question"), placeholder=say("chat.placeholder"), submit_btn=say("chat.ask")),
            gr.update(value=answered, label=say("chat.conversation"), placeholder=self._greeting(language)),
            gr.update(visible=not question),
            gr.update(visible=section is not None, label=here),
            *(gr.update(value=text, visible=bool(text)) for text in self._examples(language)),
        )

    def _section(self, request: gr.Request) -> Section | None:
        asked = request.query_params
        return self._current().sections.of_page(asked.get("page_url", ""), asked.get("page_title", ""))

    def _with_answer(
        self, question: str, history: list[Message], section: Section | None, language: Language
    ) -> list[Message]:
        try:
            collection = self._current()
            answer = compose(
                collection.searcher,
                question,
                earlier=_questions(history),
                section=section,
                freshness=collection.freshness,
                base=self._settings.path,
                examples=self._settings.examples,
            )
            reply = answer_html(answer, language, self._settings.path)
        except BadQuestion as error:
            reply = message_html(language.say(f"problem.{error.kind}", **error.values))
        except UserError as error:  # the index was damaged since it was opened: the owner must act, not the asker
            _log.error("%s", error)
            reply = message_html(language.say("problem.index"))
        shown = question if len(question) <= MAX_CHARACTERS else f"{question[:200]}…"
        turn = [{"role": "user", "content": message_html(shown)}, {"role": "assistant", "content": reply}]
        return [*history, *turn][-2 * _TURNS_KEPT :]

    def _heading(self, language: Language) -> str:
        address = language.kept(f"{self._settings.path}/articles")
        return f"# {_plain(self._settings.title)}\n[{language.say('chat.articles')}]({address})"

    def _greeting(self, language: Language) -> str:
        count = self._current().searcher.manifest.counts.articles
        return language.say("chat.greeting_one" if count == 1 else "chat.greeting", count=f"{count:,}")

    def _examples(self, language: Language) -> list[str]:
        """The owner's example questions, else some made of titles; empty ones where there are too few."""
        made = made_of_titles(self._current().searcher.articles, language)
        offered = self._settings.examples[:EXAMPLES] or made
        return [_literal(text) for text in offered] + [""] * (EXAMPLES - len(offered))


def _questions(history: list[Message]) -> list[str]:
    """What the person has asked so far, oldest first. The page sends it, so it may hold anything."""
    texts = [
        said(str(part.get("text", "")))[:MAX_CHARACTERS]
        for message in history[-2 * _TURNS_KEPT :]
        if message.get("role") == "user" and isinstance(message.get("content"), list)
        for part in message["content"]
    ]
    return [text for text in texts if text.strip()]


def _literal(text: str) -> str:
    """A label that Gradio shows as it stands: after its own mark it would look for a translation."""
    return text.replace("__i18n__", "__i18n\N{WORD JOINER}__")


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$&" else c for c in " ".join(text.split()))
