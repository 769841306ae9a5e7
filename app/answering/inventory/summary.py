"""The sentence that answers a question about the collection."""

from app.answering.inventory.recognition import InventoryQuestion


def summary(question: InventoryQuestion, total: int, first: tuple[str, str]) -> str:
    """The sentence for `total` articles, in the language of the question.

    `first` has the title and the date of the first article.
    """
    language, subject = question.language, question.subject
    say = language.say
    conditions = "; ".join(reversed(question.conditions.words))
    where = say("listing.where", conditions=conditions) if conditions else ""
    if question.kind in ("newest", "oldest"):
        about = say("listing.on", subject=subject, where=where) if subject else where
        title, published = first
        name = {"newest": "listing.newest", "oldest": "listing.oldest"}[question.kind] if total else "listing.undated"
        return say(name, where=about, title=title, published=language.day(published))
    count = {0: "none", 1: "one"}.get(total, "many")
    name = f"listing.{count}" if subject else f"listing.all_{count}"
    return say(name, subject=subject, where=where, count=language.number(total))


def end_summary(question: InventoryQuestion, total: int) -> str:
    """The sentence where no article of `total` is left to show."""
    return question.language.say("listing.end", count=question.language.number(total))


def topics_summary(question: InventoryQuestion, total: int, folders: int) -> str:
    """The sentence above the topics of `total` articles: of their `folders`, or of the words of titles without any."""
    language, name = question.language, "listing.folders" if folders else "listing.words"
    return language.say(name, count=language.number(total), folders=language.number(folders))
