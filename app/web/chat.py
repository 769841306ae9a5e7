"""The chat page: Gradio Blocks with one stateless event, everything shown escaped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.answering.answer import compose
from app.answering.language import Language, chosen, of_reader
from app.answering.sections import Section
from app.answering.smalltalk import EXAMPLES, made_of_titles
from app.serving.live import Collection, Request
from app.settings import Settings
from app.web.api import Wanted
from app.web.cards import answer_html, message_html, said
from app.web.chat_calls import Again
from index.errors import BadQuestion, UserError
from index.search.question import MAX_CHARACTERS

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
    asked: gr.Textbox
    again: gr.Textbox
    wanted: gr.Textbox


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks what they may see, and what of the question's surroundings counts."""

    collection: Collection
    language: Language
    section: Section | None
    wanted: Wanted
    ignore: frozenset[str]


class Chat:
    """The chat over the collection that `shown` gives for a request: the current one as its sender sees it.

    Its address may say `q` (a question to ask at once), `language`, and with `page_url` and
    `page_title` the page that it stands on.
    """

    def __init__(self, shown: Callable[[Request], Collection], settings: Settings) -> None:
        self._shown = shown
        self._settings = settings

    def page(self, collection: Collection) -> gr.Blocks:
        """The page, made anew; its texts become the reader's own when it is opened.

        Until then they are of this collection, for everybody.
        """
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
                placeholder=_greeting(collection, language),
            )
            with gr.Row(elem_id="examples") as chips:
                offered = [
                    gr.Button(text, size="sm", visible=bool(text)) for text in self._examples(collection, language)
                ]
            here = gr.Checkbox(label=" ", value=True, visible=False, container=False, elem_id="here")
            box = gr.Textbox(
                label=language.say("chat.question"),
                show_label=False,
                placeholder=language.say("chat.placeholder"),
                submit_btn=language.say("chat.ask"),
                max_length=MAX_CHARACTERS,
                interactive=True,
                autofocus=True,
                elem_id="question",
            )
            asked = gr.Textbox(visible="hidden", submit_btn=True, elem_id="asked")
            again = gr.Textbox(visible="hidden", submit_btn=True, elem_id="again")
            wanted = gr.Textbox("{}", visible="hidden", elem_id="wanted")
            self._connect(page, _Parts(title, messages, chips, here, box, asked, again, wanted), offered)
        return page

    def _connect(self, page: gr.Blocks, parts: _Parts, offered: list[gr.Button]) -> None:
        """Events without a queue: each question is one request, and nothing is kept between them."""
        plain: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        answered, told = [parts.asked, parts.messages, parts.chips], [parts.messages, parts.here, parts.wanted]
        # The page waits for each answer itself, and may send the next before Gradio is done with the last.
        parts.asked.submit(self._ask, [parts.asked, *told], answered, trigger_mode="multiple", **plain)
        for chip in offered:
            chip.click(self._ask, [chip, *told], answered, **plain)
        parts.again.submit(self._again, [parts.again, *told], [parts.messages], **plain)
        parts.messages.clear(self._clear, None, [parts.chips, parts.messages], **plain)
        opened = [parts.title, parts.box, parts.messages, parts.chips, parts.here, *offered]
        page.load(self._open, None, opened, **plain)

    def _ask(
        self, question: str | None, history: list[Message] | None, here: bool, wanted: str, request: gr.Request
    ) -> tuple[str, list[Message], Any]:
        asking = self._asking(request, here, Wanted.model_validate_json(wanted))
        return "", self._with_answer(question or "", history or [], asking), gr.update(visible=False)

    def _again(
        self, again: str, history: list[Message] | None, here: bool, wanted: str, request: gr.Request
    ) -> list[Message]:
        """The conversation with one of its questions answered anew, where it stands."""
        repeated, history = Again.model_validate_json(again), history or []
        place = 2 * repeated.turn
        questions = _questions(history[place : place + 1])
        if not questions:
            return history
        asking = self._asking(request, here, Wanted.model_validate_json(wanted), frozenset(repeated.ignore))
        reply = self._reply(questions[0], history[:place], asking)
        return [*history[: place + 1], _message("assistant", reply), *history[place + 2 :]]

    def _clear(self, request: gr.Request) -> tuple[Any, Any]:
        greeting = _greeting(self._shown(request), of_reader(request.query_params, request.headers))
        return gr.update(visible=True), gr.update(placeholder=greeting)

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        asking = self._asking(request)
        language, section = asking.language, asking.section
        question = request.query_params.get("q", "")
        full = bool(getattr(request.state, "full", False))  # too many wait: the question is put into the box
        answered = self._with_answer(question, [], asking) if question and not full else []
        say = language.say
        typed = {"value": question[:MAX_CHARACTERS]} if full else {}
        greeting = say("chat.full") if full else _greeting(asking.collection, language)
        here = _literal(say("chat.section", name=section.name)) if section else ""
        return (
            self._heading(language),
            gr.update(
                label=say("chat.question"), placeholder=say("chat.placeholder"), submit_btn=say("chat.ask"), **typed
            ),
            gr.update(value=answered, label=say("chat.conversation"), placeholder=greeting),
            gr.update(visible=not answered),
            gr.update(visible=section is not None, label=here),
            *(gr.update(value=text, visible=bool(text)) for text in self._examples(asking.collection, language)),
        )

    def _asking(
        self,
        request: gr.Request,
        here: bool = True,
        wanted: Wanted = Wanted(),  # noqa: B008 - nobody changes it
        ignore: frozenset[str] = frozenset(),
    ) -> _Asking:
        asked, collection = request.query_params, self._shown(request)
        section = collection.sections.of_page(asked.get("page_url", ""), asked.get("page_title", ""))
        return _Asking(collection, of_reader(asked, request.headers), section if here else None, wanted, ignore)

    def _with_answer(self, question: str, history: list[Message], asking: _Asking) -> list[Message]:
        reply = self._reply(question, history, asking)
        shown = question if len(question) <= MAX_CHARACTERS else f"{question[:200]}…"
        turn = [_message("user", message_html(shown)), _message("assistant", reply)]
        return [*history, *turn][-2 * _TURNS_KEPT :]

    def _reply(self, question: str, history: list[Message], asking: _Asking) -> str:
        collection, language = asking.collection, asking.language
        try:
            answer = compose(
                collection.searcher,
                question,
                earlier=_questions(history),
                section=asking.section,
                freshness=collection.freshness,
                base=self._settings.path,
                examples=self._settings.examples,
                filters=asking.wanted.filters(),
                ignore=asking.ignore,
                rule=collection.rule,
            )
        except BadQuestion as error:
            return message_html(language.say(f"problem.{error.kind}", **error.values))
        except UserError as error:  # the index was damaged since it was opened: the owner must act, not the asker
            _log.error("%s", error)
            return message_html(language.say("problem.index"))
        return answer_html(answer, language, self._settings.path, asking.ignore)

    def _heading(self, language: Language) -> str:
        address = language.kept(f"{self._settings.path}/articles")
        return f"# {_plain(self._settings.title)}\n[{language.say('chat.articles')}]({address})"

    def _examples(self, collection: Collection, language: Language) -> list[str]:
        """The owner's example questions, else some made of titles; empty ones where there are too few."""
        made = made_of_titles(collection.searcher.articles, language)
        offered = self._settings.examples[:EXAMPLES] or made
        return [_literal(text) for text in offered] + [""] * (EXAMPLES - len(offered))


def _greeting(collection: Collection, language: Language) -> str:
    count = len(collection.searcher.articles)
    name = {0: "chat.greeting_none", 1: "chat.greeting_one"}.get(count, "chat.greeting")
    return language.say(name, count=f"{count:,}")


def _message(role: str, html: str) -> Message:
    return {"role": role, "content": html}


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
