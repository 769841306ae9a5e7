"""Errors that a person can fix; any other exception is a bug."""

REBUILD = "Rebuild it: python -m index build FOLDER --index INDEX"


class UserError(Exception):
    """An error the user can fix: the message says what failed, why, and what to do."""


def first_line(error: Exception) -> str:
    """The first line of the message of another library's error, or the error's type without a message."""
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200]


class BadFolder(UserError):
    """The folder of articles is missing, empty, or holds nothing that can be indexed."""


class BadArticle(UserError):
    """A file cannot become an article; other files are not affected."""


class EmptyArticle(BadArticle):
    """A file without text, so nothing is lost."""


class BadModel(UserError):
    """A model's files are missing, are not the expected files, or give no numbers."""


class BadQuestion(UserError):
    """The question is empty, too long, or without a word.

    `kind` is the fault (`empty`, `long`, `wordless`, else `other`) and `values` its details, for
    messages in other languages.
    """

    def __init__(self, message: str, kind: str = "other", **values: str | int) -> None:
        super().__init__(message)
        self.kind = kind
        self.values = values


class BadFilter(BadQuestion):
    """An invalid filter: not a date, not a range, or a value that no article has.

    The kinds are `filter_date`, `filter_order` and `filter_many`, and for unknown values
    `filter_publisher`, `filter_language` and `filter_folder`.
    """


class NoPassage(UserError):
    """The build has no passage with this span."""


class NoIndex(UserError):
    """The location has no index."""


class ForeignIndex(UserError):
    """The index was written in another format or with another encoder."""


class DamagedIndex(UserError):
    """A file of the index is missing, cut short or altered."""


class BuildFailed(UserError):
    """The build could not be finished; the live build is unchanged."""


class BadRecord(UserError):
    """A record that no store accepts: a hostile id, text or spans, or invalid vectors. Retrying does not help."""


class Unavailable(UserError):
    """A store cannot be reached even after retries."""
