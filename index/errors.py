"""What a person can put right, told apart from bugs."""

REBUILD = "Rebuild it: python -m index build FOLDER --index INDEX"


class UserError(Exception):
    """Something the user can fix: the message says what failed, why, and what to do."""


class BadFolder(UserError):
    """The folder of articles is missing, empty, or holds nothing that can be indexed."""


class BadShard(UserError):
    """No part of a folder, or one that this kind of index has none of."""


class BadArticle(UserError):
    """One file cannot become an article; the others are not affected."""


class EmptyArticle(BadArticle):
    """A file without text: nothing of it is lost."""


class BadModel(UserError):
    """A model's files are missing, are not the ones that were asked for, or give no numbers."""


class BadQuestion(UserError):
    """The question is empty, too long, or holds no word.

    `kind` names which (`empty`, `long`, `wordless`; else `other`) and `values` what of it was wrong,
    for whoever words it in another language.
    """

    def __init__(self, message: str, kind: str = "other", **values: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.values = values


class BadFilter(BadQuestion):
    """A filter that cannot be met: no date, no range, or a value that no article has.

    Its kinds are `filter_date`, `filter_order`, `filter_many`, and `filter_publisher`,
    `filter_language` and `filter_folder` for an unknown one.
    """


class NoPassage(UserError):
    """The build has no passage at this place."""


class NoIndex(UserError):
    """There is no index at this place."""


class NoOtherBuild(UserError):
    """Only the live build is kept: there is none to go back to."""


class ForeignIndex(UserError):
    """The index was written in another format or with another encoder."""


class DamagedIndex(UserError):
    """A file of the index is missing, cut short or altered."""


class BuildFailed(UserError):
    """The build could not be written or finished; the live build is as it was."""


class BadRecord(UserError):
    """What no store takes: a hostile id, text or spans, or vectors that are none. To try again is no help."""


class Unavailable(UserError):
    """A store cannot be reached, and was tried again for a while."""
