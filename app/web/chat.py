"""The chat page: Gradio Blocks whose events keep no state, and all of whose texts are escaped."""

import logging
from collections.abc import Collection as Names
from typing import Any

import gradio as gr

from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.conversation.smalltalk import EXAMPLES, made_of_titles
from app.answering.language import Language, chosen, of_reader
from app.answering.reply import Wishes, answer_of
from app.answering.sections import Section
from app.settings import Settings
from app.web.cards import answer_html, message_html
from app.web.requests import TURNS_KEPT, Again, CollectionFor, Conversation, Wanted
from index.errors import BadQuestion, UserError
from index.search.questions.question import MAX_CHARACTERS

Message = dict[str, Any]

_log = logging.getLogger(__name__)


class Chat:
    """The chat over the collection that `collection_for` gives for a request.

    Its address may say `q` (a question to ask at once), `language`, and with `page_url` and
    `page_title` the page that it stands on.
    """

    def __init__(self, collection_for: CollectionFor, settings: Settings) -> None:
        self._collection_for = collection_for
        self._settings = settings

    def page(self, collection: Collection) -> gr.Blocks:
        """The page with texts of this collection in the default language; opening it replaces them by the reader's."""
        language = chosen()
        page = gr.Blocks(title=self._settings.title, analytics_enabled=False, fill_height=True)
        with page:
            title = gr.Markdown(self._heading(language), elem_id="title")
            messages = _conversation(language, _greeting(collection, language))
            with gr.Row(elem_id="examples") as chips:
                examples = [
                    gr.Button(text, size="sm", visible=bool(text)) for text in self._examples(collection, language)
                ]
            here = gr.Checkbox(label=" ", value=True, visible=False, container=False, elem_id="here")
            box = _question_box(language)
            asked, again = (gr.Textbox(visible="hidden", submit_btn=True, elem_id=name) for name in ("asked", "again"))
            wanted, earlier = (gr.Textbox("{}", visible="hidden", elem_id=name) for name in ("wanted", "conversation"))
            # Events without a queue: each question is one request, and nothing is kept between them.
            plain: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
            answered, given = [asked, messages, chips, earlier], [messages, here, wanted, earlier]
            # The page waits for each answer itself, and may send the next before Gradio is done with the last.
            asked.submit(self._ask, [asked, *given], answered, trigger_mode="multiple", **plain)
            for example in examples:
                example.click(self._ask, [example, *given], answered, **plain)
            again.submit(self._again, [again, *given], [messages], **plain)
            messages.clear(self._clear, None, [chips, messages, earlier], **plain)
            page.load(self._open, None, [title, box, messages, earlier, chips, here, *examples], **plain)
        return page

    def _ask(  # noqa: PLR0917 - Gradio gives the values of the page by position
        self,
        question: str | None,
        messages: list[Message] | None,
        here: bool,
        wanted: str,
        conversation: str,
        request: gr.Request,
    ) -> tuple[str, list[Message], Any, str]:
        earlier = Conversation.model_validate_json(conversation)
        answered, asked = self._with_answer(question or "", messages or [], earlier, request, here=here, wanted=wanted)
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
        repeated, earlier = Again.model_validate_json(again), Conversation.model_validate_json(conversation)
        messages, turn = messages or [], repeated.turn
        if turn >= len(earlier.questions):
            return messages
        question, before = earlier.questions[turn], earlier.before(turn)
        reply = self._reply(question, before, request, here=here, wanted=wanted, ignore=repeated.ignore)
        return [*messages[: 2 * turn + 1], {"role": "assistant", "content": reply}, *messages[2 * turn + 2 :]]

    def _clear(self, request: gr.Request) -> tuple[Any, Any, str]:
        greeting = _greeting(self._collection_for(request), _language(request))
        return gr.update(visible=True), gr.update(placeholder=greeting), "{}"

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        collection, say = self._collection_for(request), (language := _language(request)).say
        section = _section(collection, request)
        question = request.query_params.get("q", "")
        full = bool(getattr(request.state, "full", False))  # too many wait: the question is put into the box
        asks = bool(question) and not full
        answered, conversation = self._with_answer(question, [], Conversation(), request) if asks else ([], "{}")
        typed = {"value": question[:MAX_CHARACTERS]} if full else {}
        greeting = say("chat.full") if full else _greeting(collection, language)
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
            *(gr.update(value=text, visible=bool(text)) for text in self._examples(collection, language)),
        )

    def _with_answer(
        self, question: str, messages: list[Message], conversation: Conversation, request: gr.Request, **options: Any
    ) -> tuple[list[Message], str]:
        """The messages with a question and its answer below them, and the conversation with the question."""
        reply = self._reply(question, conversation.before(TURNS_KEPT), request, **options)
        shown = question if len(question) <= MAX_CHARACTERS else f"{question[:200]}…"
        turn = [{"role": "user", "content": message_html(shown)}, {"role": "assistant", "content": reply}]
        questions = [*conversation.questions, shown][-TURNS_KEPT:]
        return [*messages, *turn][-2 * TURNS_KEPT :], Conversation(questions=questions).model_dump_json()

    def _reply(
        self,
        text: str,
        earlier: list[str],
        request: gr.Request,
        *,
        here: bool = True,
        wanted: str = "{}",
        ignore: Names[str] = (),
    ) -> str:
        collection, language = self._collection_for(request), _language(request)
        try:
            wishes = Wishes(
                section=_section(collection, request) if here else None,
                filters=Wanted.model_validate_json(wanted).filters(),
                ignore=ignore,
                base=self._settings.path,
                examples=self._settings.examples,
                suggest=self._settings.suggestions,
            )
            answer = answer_of(collection, question_after(text, earlier, ignore), wishes=wishes)
        except BadQuestion as error:
            return message_html(language.say(f"problem.{error.kind}", **error.values))
        except UserError as error:  # the index was damaged since it was opened: the owner must act, not the asker
            _log.error("%s", error)
            return message_html(language.say("problem.index"))
        return answer_html(answer, language, self._settings.path, ignore)

    def _heading(self, language: Language) -> str:
        address = language.kept(f"{self._settings.path}/articles")
        return f"# {_plain(self._settings.title)}\n[{language.say('chat.articles')}]({address})"

    def _examples(self, collection: Collection, language: Language) -> list[str]:
        """The owner's example questions, else questions made of titles, padded with empty texts."""
        examples = self._settings.examples[:EXAMPLES] or made_of_titles(collection.searcher.articles, language)
        return [_literal(text) for text in examples] + [""] * (EXAMPLES - len(examples))


def _conversation(language: Language, greeting: str) -> gr.Chatbot:
    return gr.Chatbot(
        label=language.say("chat.conversation"),
        show_label=False,
        elem_id="chat",
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        layout="panel",
        placeholder=greeting,
    )


def _question_box(language: Language) -> gr.Textbox:
    return gr.Textbox(
        label=language.say("chat.question"),
        show_label=False,
        placeholder=language.say("chat.placeholder"),
        submit_btn=language.say("chat.ask"),
        max_length=MAX_CHARACTERS,
        interactive=True,
        autofocus=True,
        elem_id="question",
    )


def _language(request: gr.Request) -> Language:
    return of_reader(request.query_params, request.headers)


def _section(collection: Collection, request: gr.Request) -> Section | None:
    query = request.query_params
    return collection.sections.of_page(query.get("page_url", ""), query.get("page_title", ""))


def _greeting(collection: Collection, language: Language) -> str:
    count = len(collection.searcher.articles)
    name = {0: "chat.greeting_none", 1: "chat.greeting_one"}.get(count, "chat.greeting")
    return language.say(name, count=f"{count:,}")


def _literal(text: str) -> str:
    """A label that Gradio shows as it stands: it would translate what follows its own mark."""
    return text.replace("__i18n__", "__i18n\N{WORD JOINER}__")


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$&" else c for c in " ".join(text.split()))
