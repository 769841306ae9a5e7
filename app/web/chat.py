"""The chat page: Gradio Blocks with one stateless event, everything shown escaped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from app.answering.collection import Collection
from app.answering.followup import question_after
from app.answering.language import Language, chosen, of_reader
from app.answering.sections import Section
from app.answering.smalltalk import EXAMPLES, made_of_titles
from app.settings import Settings
from app.web.cards import answer_html, message_html
from app.web.requests import TURNS_KEPT, Again, Conversation, Request, Wanted
from index.errors import BadQuestion, UserError
from index.search.questions.question import MAX_CHARACTERS

Message = dict[str, Any]

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
    conversation: gr.Textbox


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
            hidden = partial(gr.Textbox, visible="hidden")
            asked, again = (hidden(submit_btn=True, elem_id=name) for name in ("asked", "again"))
            wanted, conversation = (hidden("{}", elem_id=name) for name in ("wanted", "conversation"))
            self._connect(page, _Parts(title, messages, chips, here, box, asked, again, wanted, conversation), offered)
        return page

    def _connect(self, page: gr.Blocks, parts: _Parts, offered: list[gr.Button]) -> None:
        """Events without a queue: each question is one request, and nothing is kept between them."""
        plain: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        answered = [parts.asked, parts.messages, parts.chips, parts.conversation]
        told = [parts.messages, parts.here, parts.wanted, parts.conversation]
        # The page waits for each answer itself, and may send the next before Gradio is done with the last.
        parts.asked.submit(self._ask, [parts.asked, *told], answered, trigger_mode="multiple", **plain)
        for chip in offered:
            chip.click(self._ask, [chip, *told], answered, **plain)
        parts.again.submit(self._again, [parts.again, *told], [parts.messages], **plain)
        parts.messages.clear(self._clear, None, [parts.chips, parts.messages, parts.conversation], **plain)
        opened = [parts.title, parts.box, parts.messages, parts.conversation, parts.chips, parts.here, *offered]
        page.load(self._open, None, opened, **plain)

    def _ask(  # noqa: PLR0917 - Gradio gives the values of the page by position
        self,
        question: str | None,
        messages: list[Message] | None,
        here: bool,
        wanted: str,
        conversation: str,
        request: gr.Request,
    ) -> tuple[str, list[Message], Any, str]:
        asking = self._asking(request, here, Wanted.model_validate_json(wanted))
        before = Conversation.model_validate_json(conversation)
        answered, asked = self._with_answer(question or "", messages or [], before, asking)
        return "", answered, gr.update(visible=False), asked

    def _again(  # noqa: PLR0917 - see `_ask`
        self,
        again: str,
        messages: list[Message] | None,
        here: bool,
        wanted: str,
        conversation: str,
        request: gr.Request,
    ) -> list[Message]:
        """The messages with one of the conversation's questions answered anew, where it stands."""
        repeated, messages = Again.model_validate_json(again), messages or []
        asked, turn = Conversation.model_validate_json(conversation), repeated.turn
        if not asked.questions[turn : turn + 1]:
            return messages
        asking = self._asking(request, here, Wanted.model_validate_json(wanted), frozenset(repeated.ignore))
        reply = self._reply(asked.questions[turn], asked.before(turn), asking)
        return [*messages[: 2 * turn + 1], _message("assistant", reply), *messages[2 * turn + 2 :]]

    def _clear(self, request: gr.Request) -> tuple[Any, Any, str]:
        greeting = _greeting(self._shown(request), of_reader(request.query_params, request.headers))
        return gr.update(visible=True), gr.update(placeholder=greeting), "{}"

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        asking = self._asking(request)
        language, section = asking.language, asking.section
        question = request.query_params.get("q", "")
        full = bool(getattr(request.state, "full", False))  # too many wait: the question is put into the box
        asks = bool(question) and not full
        answered, conversation = self._with_answer(question, [], Conversation(), asking) if asks else ([], "{}")
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
            conversation,
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

    def _with_answer(
        self, question: str, messages: list[Message], conversation: Conversation, asking: _Asking
    ) -> tuple[list[Message], str]:
        """The messages with a question and its answer below them, and the conversation with the question."""
        reply = self._reply(question, conversation.before(TURNS_KEPT), asking)
        shown = question if len(question) <= MAX_CHARACTERS else f"{question[:200]}…"
        turn = [_message("user", message_html(shown)), _message("assistant", reply)]
        questions = [*conversation.questions, shown][-TURNS_KEPT:]
        return [*messages, *turn][-2 * TURNS_KEPT :], Conversation(questions=questions).model_dump_json()

    def _reply(self, text: str, earlier: list[str], asking: _Asking) -> str:
        language = asking.language
        try:
            answer = asking.collection.answer(
                question_after(text, earlier, asking.ignore),
                section=asking.section,
                filters=asking.wanted.filters(),
                ignore=asking.ignore,
                base=self._settings.path,
                examples=self._settings.examples,
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


def _literal(text: str) -> str:
    """A label that Gradio shows as it stands: after its own mark it would look for a translation."""
    return text.replace("__i18n__", "__i18n\N{WORD JOINER}__")


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$&" else c for c in " ".join(text.split()))
