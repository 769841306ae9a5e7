"""The chat's part of Gradio: the question box, and the event that answers a question as HTML."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from app.answering.conversation.followup import question_after
from app.answering.language import Language, chosen, of_reader
from app.answering.reply import Wishes, answer_of
from app.answering.sections import Section, Sections
from app.settings import Settings
from app.trials.folder import TrialGone
from app.web.chat.cards import answer_html, message_html
from app.web.chat.gradio_import import gr
from app.web.chat.transcript import heard, markdown
from app.web.feedback import LogFor, kept
from app.web.requests import ChatQuestion, CollectionFor
from index.errors import BadQuestion, UserError
from index.search.questions.question import MAX_CHARACTERS

_log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds


class Chat:
    """The chat over the collection that `collection_for` gives for a request.

    Its address may say `language`, and with `page_url` and `page_title` the page that it stands on.
    """

    def __init__(self, collection_for: CollectionFor, settings: Settings, log_for: LogFor = lambda _: None) -> None:
        self._collection_for, self._log_for = collection_for, log_for
        self._settings = settings

    def page(self) -> gr.Blocks:
        """Gradio's part of the page. Events have no queue: each question is one request, and nothing is kept."""
        page = gr.Blocks(title=self._settings.title, analytics_enabled=False)
        with page:
            box = _question_box(chosen())
            gr.api(  # type: ignore[attr-defined] # Gradio exports it by a star
                self.turn, api_name="turn", queue=False, api_visibility="private"
            )
            page.load(_open, None, [box], queue=False, show_progress="hidden", api_visibility="private")
        _rest(page)
        return page

    def turn(self, asked: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """The answer to a question of a conversation, as the page draws it.

        `html` is the answer as the page shows it, with all texts escaped, `heard` what is said to screen readers,
        `markdown` the answer for a transcript. `leans` tells whether earlier questions were needed to read it. Where
        questions are kept, `feedback` is the token that takes feedback on the answer, empty for none.
        """
        began = time.perf_counter()
        turn, language = ChatQuestion.model_validate(asked), of_reader(request.query_params, request.headers)
        try:
            collection = self._collection_for(request)
            wishes = Wishes(
                section=section_of(collection.sections, request.query_params) if turn.here else None,
                filters=turn.filters.filters(),
                ignore=turn.ignore,
                base=self._settings.path,
                examples=() if self._settings.upload and language.trial else self._settings.examples,
                suggest=self._settings.suggestions,
            )
            question = question_after(turn.question, turn.before, turn.ignore)
            answer = answer_of(collection, question, wishes=wishes)
        except BadQuestion as error:
            return _said(language.problem(error))
        except TrialGone:
            return _said(language.say("try.gone"))
        except UserError as error:  # the index was damaged since it was opened: the owner must act, not the asker
            _log.error("%s", error)
            return _said(language.say("problem.index"))
        feedback = kept(self._log_for(request), answer, language, began)
        drawn = {
            "html": answer_html(answer, language, self._settings.path, turn.ignore, feedback=bool(feedback)),
            "heard": heard(answer, language),
            "markdown": markdown(answer, language),
            "leans": bool(answer.history_used or answer.read_as),
        }
        return {**drawn, "feedback": feedback} if self._settings.log else drawn


def _open(request: gr.Request) -> Any:
    say = of_reader(request.query_params, request.headers).say
    return gr.update(
        label=say("chat.question"), placeholder=say("chat.placeholder"), submit_btn=say("chat.ask"), interactive=True
    )


def _said(text: str) -> dict[str, Any]:
    """A sentence of our own in place of an answer."""
    return {"html": message_html(text), "heard": text, "markdown": text, "leans": False}


def _rest(page: gr.Blocks) -> None:
    """Let Gradio look once a second for events in its queue, which gets none, not a thousand times."""
    queue = page._queue  # noqa: SLF001 - there is no setting for it
    queue.sleep_when_free = queue.progress_update_sleep_when_free = _PAUSE


def _question_box(language: Language) -> gr.Textbox:
    return gr.Textbox(
        label=language.say("chat.question"),
        show_label=False,
        placeholder=language.say("chat.placeholder"),
        submit_btn=language.say("chat.ask"),
        max_length=MAX_CHARACTERS,
        max_lines=6,
        interactive=True,
        autofocus=True,
        elem_id="question",
    )


def section_of(sections: Sections, query: Mapping[str, str]) -> Section | None:
    """The section of the page that the chat stands on, as the chat's own address names it."""
    return sections.of_page(query.get("page_url", ""), query.get("page_title", ""))
