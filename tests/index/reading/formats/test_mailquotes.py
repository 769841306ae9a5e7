"""Quoted replies and signatures of e-mails."""

import pytest

from index.articles.article import visible
from index.reading.formats.mailquotes import QUOTED, SIGNATURE, folded_page, folded_text, is_forwarded

K, Q, S = "", QUOTED, SIGNATURE  # the reason for which a piece is left out, if it is
ANSWER = (K, "Nine metres.\n")
OUTLOOK = "From: Bo\nSent: Monday\nTo: Maria\nSubject: Depth\n\nHow deep?"


@pytest.mark.parametrize(
    "pieces",
    [
        [ANSWER, (Q, "\nOn 3 January 2026, Bo wrote:\n> How deep?\n>\n> Bo\n")],
        [ANSWER, (Q, "Am 3. Januar 2026, Bo <bo@x.example>\nschrieb:\n\n> Wie tief?")],
        [(Q, "> How deep?\n"), ANSWER, (Q, "> And wide?\n"), (K, "Forty.")],
        [ANSWER, (S, "-- \nMaria\n+1 555")],
        [ANSWER, (K, "--\n" + 40 * "A line of the second part.\n")],
        [ANSWER, (S, "-- \nMaria\n\n"), (Q, "> How deep?")],
        [ANSWER, (Q, "-----Original Message-----\nHow deep?\nBo")],
        [ANSWER, (Q, OUTLOOK)],
        [(K, "From: Hamburg\nTo: Bremen\nTrain: 9\n\nA journey.")],
        [(K, "I said what Bo wrote: it is deep.")],
        [(K, "It was 9 m.\nThis is what he said:\n"), (Q, "> Deep.")],
        [(K, "> All of it is quoted.\n-- \nBo")],
        [(K, ">From here on it is deep.")],
    ],
)
def test_what_is_quoted_and_who_signed_are_left_out_and_counted(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece for _, piece in pieces)
    rest, skipped = folded_text(text, forwarded=False)
    assert rest.split() == "".join(piece for kind, piece in pieces if not kind).split()
    for reason in (Q, S):
        assert skipped[reason] == sum(visible(piece) for kind, piece in pieces if kind == reason)


def test_an_e_mail_that_is_passed_on_keeps_what_it_passes_on() -> None:
    text = "Please read.\n\n---------- Forwarded message ---------\nFrom: Bo\nDate: Monday\nSubject: Depth\n\nHow deep?"
    assert is_forwarded("", text)
    assert folded_text(text, forwarded=True)[0] == text
    assert (is_forwarded("WG: Tiefe", ""), is_forwarded("Fwd: depth", ""), is_forwarded("Re: depth", "")) == (
        True,
        True,
        False,
    )


PAGE = (
    "<html><style>p {}</style><body><p>Nine metres.</p><div class='gmail_signature'>Maria</div>"
    "<div class='gmail_quote'><div>On Monday Bo wrote:</div>"
    "<blockquote type='cite'>How deep?</blockquote></div></body></html>"
)


def test_a_page_is_folded_by_the_marks_of_mail_programs() -> None:
    kept, skipped = folded_page(PAGE, forwarded=False)
    assert kept == "<div><p>Nine metres.</p></div>"
    assert skipped == {QUOTED: visible("On Monday Bo wrote: How deep?"), SIGNATURE: 5}
    assert folded_page(PAGE, forwarded=True)[1] == {QUOTED: 0, SIGNATURE: 5}


def test_of_outlook_the_head_of_the_answered_e_mail_and_all_below_are_quoted() -> None:
    page = "<p>Nine metres.</p><div id='divRplyFwdMsg'>From: Bo</div><div>How deep?</div>"
    assert folded_page(page, forwarded=False) == ("<div><p>Nine metres.</p></div>", {QUOTED: 15, SIGNATURE: 0})


def test_a_page_of_quotations_alone_is_whole() -> None:
    page = "<blockquote type='cite'>How deep?</blockquote>"
    assert folded_page(page, forwarded=False) == ('<div><blockquote type="cite">How deep?</blockquote></div>', {})


def test_a_long_line_is_no_mark_of_forwarding_and_is_passed_once() -> None:
    assert not is_forwarded("Tides", "-" * 50_000)
    assert is_forwarded("Tides", "-" * 50_000 + " Forwarded message")
