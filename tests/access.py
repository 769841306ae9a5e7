"""A collection whose articles are for different groups, for tests of who sees which."""

from pathlib import Path

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder


def _written(title: str, publisher: str, groups: str, text: str) -> str:
    field = f"groups: {groups}\n" if groups else ""
    return f'---\ntitle: "{title}"\npublisher: "{publisher}"\npublished: "2024-06-25"\n{field}---\n{text}\n'


SOIL = "Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024."
PAY = "Salaries in Zanzibar rise by 3.5 percent in May. Experts on quarkonium earn most of all."

OPEN = {
    "open/moon.md": _written("The Moon", "Night Sky Notes", "everyone", SOIL),
    "open/bees.md": _written("Bees", "Garden Notes", "everyone", "A honey bee visits about 2,000 flowers a day."),
}
HIDDEN = {
    "hr/pay.md": _written("Pay of the staff", "Payroll Office", "hr", PAY),
    "hr/moon.md": _written("The Moon once more", "Payroll Office", "[HR, board]", SOIL),
    "legal/case.md": _written("A case in court", "Law Letters", "legal", "The court heard of salaries and of flowers."),
    "nobody/draft.md": _written("A draft", "Nobody Knows", "", "A draft on salaries, flawers and lunar soil."),
}
SEES: dict[str, set[str]] = {  # by group
    "hr": {"open/moon", "open/bees", "hr/pay", "hr/moon"},
    "board": {"open/moon", "open/bees", "hr/moon"},
    "legal": {"open/moon", "open/bees", "legal/case"},
    "sales": {"open/moon", "open/bees"},
    "everyone": {"open/moon", "open/bees"},
}
SECRETS = ("Pay of the staff", "Payroll", "Zanzibar", "quarkonium", "once more")  # of what is for `hr`


def built(root: Path, articles: dict[str, str], *, by_default: bool = False) -> Path:
    """The index of these articles below `root`, made with the hashing encoder, or with the default one."""
    folder = write_articles(root / "articles", articles)
    if by_default:
        build(folder, root / "index", identify(DEFAULT_MODEL))
    else:
        build(folder, root / "index", IDENTITY, load=HashingEncoder)
    return root / "index"
