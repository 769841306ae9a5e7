"""The chat's own page, around Gradio's question box."""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from app.answering.collection import Collection
from app.answering.conversation.smalltalk import patterns
from app.settings import Settings
from app.web.chat.event import section_of
from app.web.chat.gradio_import import gr
from app.web.chat.start import Start
from app.web.choices import choices
from app.web.pages import Site


class ChatPage:
    """The page; `event` is the number of Gradio's event that answers a question."""

    def __init__(self, settings: Settings, event: int) -> None:
        self._settings, self._event, self._gradio = settings, event, _gradio_assets()

    def __call__(
        self, collection: Collection, site: Site, query: Mapping[str, str], *, until: str = "", person: str = ""
    ) -> str:
        """The page for somebody who sees this collection, at an address with this query.

        A trial has a time `until` which it is there, and none of the owner's questions. What a tab keeps belongs to
        the `person` who is signed in.
        """
        settings = replace(self._settings, examples=(), questions=()) if until else self._settings
        language, section = site.language, section_of(collection.sections, query)
        plain = ("active", "again", "copied", "copy_failed", "failed", "full", "only", "question", "searching", "slow")
        texts = {name: language.texts[f"chat.{name}"] for name in (*plain, "inside", "passing", "passing_one")}
        logs = bool(settings.log and not until)
        groups = {"why": "why", "ways": "way", **({"feedback": "feedback"} if logs else {})}
        texts["suggested"] = language.say("chat.suggested", count="#")
        return site.page(
            "chat.html",
            gradio=self._gradio,
            event=self._event,
            start=Start.of(collection, language, settings),
            section=section.name if section else "",
            choices=choices(collection, language),
            texts={**texts, **{name: language.group(group) for name, group in groups.items()}},
            small_talk=patterns(),
            suggests=self._settings.suggestions,
            uploads=self._settings.upload,
            until=until,
            kept_days=settings.log_days if logs else 0,
            keeps=_name_of(person) if self._settings.keep == "tab" and not until else None,
        )


def _name_of(person: str) -> str:
    """The name under which a tab keeps a person's conversation, empty for nobody in particular."""
    return sha256(person.encode()).hexdigest()[:16] if person else ""


def _gradio_assets() -> dict[str, str]:
    """The script and the style sheet of Gradio's own page.

    That page also holds inline scripts, which no strict policy allows, and names hosts of the
    internet; without them its script asks the server for its configuration.
    """
    page = (Path(gr.__file__).parent / "templates" / "frontend" / "index.html").read_text("utf-8")
    script, style = (re.search(rf'="\./(assets/index-[\w-]+\.{ending})"', page) for ending in ("js", "css"))
    if script is None or style is None:
        raise RuntimeError("Gradio's page has another form than that of the pinned version")
    return {"script": script[1], "style": style[1]}
