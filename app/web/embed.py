"""The script that a portal puts on its pages, and a page that shows it at work."""

import json
from urllib.parse import quote

from app.answering.language import languages
from app.answering.sections import Sections
from app.web.pages import HERE, Site
from index.articles.catalogue import Catalogue

_NEWEST = 8
_FOLDERS = 8


def widget_script() -> str:
    """`widget.js` with its texts in every language and its styles, as one expression."""
    texts = {code: language.group("widget") for code, language in languages().items()}
    script, styles = ((HERE / "site" / f"widget.{kind}").read_text("utf-8") for kind in ("js", "css"))
    return f"{script.rstrip()}({json.dumps(texts, ensure_ascii=False)}, {json.dumps(styles)});\n"


def demo_page(
    articles: Catalogue, sections: Sections, site: Site, *, address: str, wanted: str = "", opened: bool = False
) -> str:
    """A page like an intranet's with the widget on it, on the section `wanted` if that exists.

    `address` is the application's own, as the portal's script tag would name it; `opened` opens the
    widget at once.
    """
    folders = {section.name: section for section in sections.folders()[:_FOLDERS]}
    section = folders.get(wanted)
    entries = [entry for entry in articles.entries() if section is None or entry.id in section.articles]
    attributes = {
        "data-page-url": f"{address}/{quote(section.name, safe='')}/" if section else None,
        "data-language": site.language.code if site.language.asked else None,
        "data-open": "" if opened else None,
    }
    return site.page(
        "demo.html",
        folders=list(folders),
        section=section.name if section else "",
        entries=sorted(entries, key=lambda entry: entry.published, reverse=True)[:_NEWEST],
        address=address,
        attributes={name: value for name, value in attributes.items() if value is not None},
    )
