"""The log as CSV for a spreadsheet, in which no text of a person is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from app.log.question_log import LoggedQuestion

_COLUMNS = ("hour", "question", "verdict", "articles", "build", "milliseconds", "language", "helpful")
# Where a formula may begin: at the start, and behind what separates columns where commas are decimal signs.
_FORMULA = re.compile(r"""(^|[;|\t\r\n])(?=["\s]*[=+\-@＝＋－＠])|^(?=[\t\r\n])""")
_MARK = "\ufeff"  # spreadsheets read UTF-8 only with it


def csv_of(lines: Iterable[LoggedQuestion]) -> Iterator[str]:
    """The header, then a row for each line."""
    yield _MARK + _row(_COLUMNS)
    for line in lines:
        helpful = "" if line.helpful is None else "yes" if line.helpful else "no"
        articles = "; ".join(line.articles)
        hour, ms = f"{line.hour:%Y-%m-%d %H:00}", str(line.milliseconds)
        yield _row((hour, line.question, line.verdict, articles, line.build, ms, line.language, helpful))


def _row(cells: Iterable[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerow([_FORMULA.sub(r"\1'", cell) for cell in cells])
    return file.getvalue()
