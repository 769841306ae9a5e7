"""Pages made from templates: their environment, and the values that all of them share."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from app.answering.language import Language, of_reader
from app.answering.links import article_address
from app.settings import Settings

HERE = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
PAGES.globals["article_address"] = article_address


@dataclass(frozen=True, slots=True)
class Site:
    """The title of the site, the path it lies below, and the reader's language."""

    title: str
    base: str
    language: Language

    def page(self, template: str, **values: object) -> str:
        """A page made of a template, with the values it needs."""
        return PAGES.get_template(template).render(site=self, say=self.language.say, to=self.to, **values)

    def to(self, path: str) -> str:
        """The address of a page of ours, in the language that was asked for."""
        return self.language.kept(f"{self.base}{path}")


def site_of(settings: Settings, request: Request) -> Site:
    """The site as the sender of a request reads it."""
    return Site(settings.title, settings.path, of_reader(request.query_params, request.headers))
