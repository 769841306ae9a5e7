"""Questions in the log: what leads to a person is replaced, and what is asked about stays."""

import json
import time

import pytest

from app.log.redaction import redacted
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("question", "stored"),
    [
        ("Write to anna.mueller@example.org today", "Write to [e-mail] today"),
        ("我的邮箱是li.wei@example.cn吗?", "我的邮箱是[e-mail]吗?"),
        ("a.b (at) example.com", "[e-mail]"),
        ("May 4111 1111 1111 1111 be charged?", "May [card] be charged?"),
        ("3782-822463-10005", "[card]"),
        ("卡号4111111111111111被扣款", "卡号[account]被扣款"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [account] please"),
        ("de89370400440532013000", "[account]"),
        ("BE68 5390 0754 7034 from my bank", "[account] from my bank"),
        ("account number 12345678", "account number [account]"),
        ("Konto-Nr. 1234567", "Konto-Nr. [account]"),
        ("Call me at +49 30 1234567", "Call me at [telephone]"),
        ("+1 (415) 555-2671 or 415-555-2671 or 1-800-555-1234", "[telephone] or [telephone] or [telephone]"),
        ("0049 30 1234 5678", "[telephone]"),
        ("(030) 123456 78, 030/1234567, 01711234567", "[telephone], [telephone], [telephone]"),
        ("01 23 45 67 89", "[telephone]"),
        ("020 7946 0958", "[telephone]"),
        ("我的手机是１３８１２３４５６７８", "我的手机是[telephone]"),
        ("010-62345678", "[telephone]"),
        ("mi teléfono 612 345 678", "mi teléfono [telephone]"),
        ("tel: 555 12345", "tel: [telephone]"),
        ("I live at 221B Baker Street, London", "I live at [address], London"),
        ("at 12 baker street", "at [address]"),
        ("P.O. Box 1234", "[address]"),
        ("Berliner Str. 5a, 10115 Berlin", "[address]"),
        ("in der Hauptstraße 12, Marktplatz 3", "in der [address], [address]"),
        ("12, avenue des Champs-Élysées", "[address]"),
        ("7 bis rue de la Paix", "[address]"),
        ("calle de Alcalá 42", "[address]"),
        ("住在北京市海淀区中关村大街27号1101室", "[address]"),
    ],
)
def test_a_personal_number_or_address_is_replaced(question: str, stored: str) -> None:
    assert redacted(question) == stored


@pytest.mark.parametrize(
    "question",
    [
        "What was planned for 2025, or for 2019-2023?",
        "on 2024-06-25, am 25.06.2024 und 01.02.2024, from 01/02/2024 to 05/2024-06/2025",
        "24.06.2024 08:30:15, 20240625, 09.30-10.45",
        "1,935.3 grams, 12 000 000 people, +12 000 000, 13500000000 yuan, 10 000 000 000, 1.800.000.000 Euro",
        "0.123456789 and 3.14159265358979",
        "ISBN 978-0-306-40615-7, CVE-2021-44228, doi 10.1000/182, http://a.example/25/1@47.htm",
        "RFC 2616, ISO 27001, BT-Drs. 20/12345",
        "id 4111111111111112, article PA2024123456789, Nr. 0123/2024, COM(2021) 206, #0301234567",
        "mobile phone shipments 2019-2023, phone 5G 2030, current account 2019-2023",
        "What do the 3 high street banks say of 2024 Wall Street, 2 road maps and 2,000 square kilometres?",
        "Arbeitsplatz 4.0, Bundesstraße 27, Neue Seidenstraße 2, auf Platz 3 der Liste, 5 main goals",
        "第5号文件, 一带一路2024, 2025年研发经费投入强度是多少？",
        "EU27 member states, 1000 Talents 2008 plan, the 14th Five-Year Plan (2021-2025)",
        "during 1347, scoring 11 points, strain called 17D",
        "la rue en 2024, une rue, la calle, 3 avenues",
    ],
)
def test_years_dates_figures_and_ids_stay(question: str) -> None:
    assert redacted(question) == question


def test_no_question_of_our_own_sets_is_changed() -> None:
    lines = [
        line for path in (PROJECT / "eval").rglob("questions.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) > 600
    assert [question for question in questions if redacted(question) != question] == []


@pytest.mark.parametrize(
    "part", ["a", "1 ", "0", "1-", "a@a.", "12 A' ", "ab-", "straße ", "AB12CDEF ", "tel. no. is ", "街1", "calle A "]
)
def test_no_question_takes_long(part: str) -> None:
    began = time.perf_counter()
    redacted((part * 2_000)[:2_000])
    assert time.perf_counter() - began < 1
