import pytest

from index.reading.formats.dateline import first_lines, iso_date, named_date
from index.reading.formats.extract import Header


@pytest.mark.parametrize(
    ("line", "publisher", "published"),
    [
        ("BEIJING, Jan. 26 (Xinhua) -- The meeting opened.", "Xinhua", ""),
        ("NEW YORK, March 3, 2025 (Tidewire) — It rained.", "Tidewire", "2025-03-03"),
        ("新华社北京1月26日电 全国科技工作会议召开。", "新华社", ""),
        ("新华社北京2026年1月26日电（记者）会议召开。", "新华社", "2026-01-26"),
        ("2026年1月27日 10:00 来源：新华社", "新华社", "2026-01-27"),
        ("发布时间：2026-01-27", "", "2026-01-27"),
        ("2026年2月30日 来源：新华社", "", ""),
        ("January 27, 2026", "", "2026-01-27"),
        ("Published on 2026-01-27", "", "2026-01-27"),
        ("Date: March 18th, 2025", "", "2025-03-18"),
        ("Date: 15.04.2025", "", "2025-04-15"),
        ("日期：2025年4月15日", "", "2025-04-15"),
        ("Date: to be agreed", "", ""),
        ("The meeting of January 27, 2026 was long.", "", ""),
        ("In BEIJING, Jan. 26 (Xinhua) -- said", "", ""),
        ("In Beijing, Jan. 26 (a Monday) the meeting opened", "", ""),
    ],
)
def test_a_first_line_gives_what_it_says_beyond_doubt(line: str, publisher: str, published: str) -> None:
    assert first_lines([line], line) == Header(publisher=publisher, published=published)


def test_two_lines_that_disagree_give_nothing() -> None:
    lines = ["January 27, 2026", "January 28, 2026", "BEIJING, Jan. 26 (Xinhua) --", "ROME, Jan. 26 (Tidewire) --"]
    assert first_lines(lines, "") == Header()


@pytest.mark.parametrize(
    "text", ["The regatta takes place on the lake.", "All are cordially invited.", "Join us at the quay.", "敬请光临。"]
)
def test_the_day_of_an_event_is_no_date_of_publication(text: str) -> None:
    assert first_lines(["June 14, 2025", text], "") == Header()
    assert first_lines(["2025年6月14日", text], "") == Header()
    assert first_lines(["Published on June 14, 2025", text], "") == Header(published="2025-06-14")


def test_a_line_further_down_is_no_dateline() -> None:
    assert first_lines(["Text."] * 6 + ["January 27, 2026"], "") == Header()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-27T09:00:00Z", "2026-01-27"),
        ("2026/1/7", "2026-01-07"),
        ("2026年1月27日", "2026-01-27"),
        ("Sept. 7, 2026", "2026-09-07"),
        ("7 September 2026", "2026-09-07"),
        ("Mon, 5 Jan 2026 10:00:00 +0100", "2026-01-05"),
        ("Monday, January 5th, 2026 at 10:00", "2026-01-05"),
        ("5. Januar 2026", "2026-01-05"),
        ("1er août 2026", "2026-08-01"),
        ("5 de enero de 2026", "2026-01-05"),
        ("05-Jan-2026", "2026-01-05"),
        ("5.1.2026 10:00", "2026-01-05"),
        ("13/01/2026", "2026-01-13"),
        ("01/13/2026", "2026-01-13"),
        ("03/03/2026", "2026-03-03"),
        ("30 February 2026", ""),
        ("5 Smarch 2026", ""),
        ("2026-01", ""),
        ("20260127", ""),
        ("01/02/2026", ""),
        ("", ""),
    ],
)
def test_a_day_is_read_only_in_forms_that_mean_one_day(written: str, day: str) -> None:
    assert iso_date(written) == day


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("bulletins/2025-09-19.md", "2025-09-19"),
        ("2024_05_06 minutes.docx", "2024-05-06"),
        ("notes/20240506-note.md", "2024-05-06"),
        ("IMG20240506.txt", "2024-05-06"),
        ("2024/05/06/storm.md", "2024-05-06"),
        ("2024/05/storm.md", "2024-05"),
        ("2026-03/bulletin.md", "2026-03"),
        ("2024-05-minutes.md", "2024-05"),
        ("2024-05-06/minutes-1.2.md", ""),  # the day of a folder may be that of an upload
        ("2011-12.md", ""),  # a season
        ("minutes-2024-05.md", ""),
        ("spending-2021-2025.md", ""),
        ("1999-02-30.md", ""),
        ("20240506123.md", ""),
        ("report-2024.md", ""),
        ("notes.md", ""),
    ],
)
def test_a_file_may_have_a_date_in_its_name(file: str, day: str) -> None:
    assert named_date(file) == day
