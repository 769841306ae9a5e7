import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadArticle
from index.reading.encodings.decoding import Decoded, declared_charset, decode

ZH = "北京市科学技术委员会发布了新的政策。这些政策支持基础研究和企业创新，并在2026年开始实施。"
JA = "日本の科学技術政策は変わった。新しい研究が始まる。"
FR = "Le port a été dragué; les bateaux sont entrés à la marée du soir. " * 30


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Tea is dry and green, and so on.", "茶 is tea, in the words of the many"])
def test_every_form_of_unicode_is_read(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.doubtful) == (text, False)
    assert decoded.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [(ZH, "gb18030", "gb18030"), (FR, "cp1252", "cp1252"), (JA, "shift_jis", "cp932")],
)
def test_an_encoding_is_told_by_its_bytes_and_named(text: str, encoding: str, name: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, name)
    assert decode(text.encode(encoding)).notes == [f"read as {name}"]


@pytest.mark.parametrize(("text", "encoding"), [("café", "cp1252"), (ZH[:6], "gb18030"), ("“Quotes” — so", "cp1252")])
def test_a_few_bytes_are_read_as_what_is_common_and_called_doubtful(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding, doubtful=True)


def test_what_a_page_declares_is_believed_where_it_fits() -> None:
    assert decode("Šöl".encode("cp1250"), "windows-1250") == Decoded("Šöl", "cp1250")
    assert decode(ZH.encode("gb18030"), "gb2312") == Decoded(ZH, "gb18030")
    assert decode("“茶”".encode(), "gb2312") == Decoded("“茶”", "utf-8")
    assert decode(ZH.encode("gb18030"), "no-such-name").encoding == "gb18030"


def test_broken_bytes_in_utf_8_are_counted_and_do_not_spoil_the_rest() -> None:
    decoded = decode(ZH.encode() + b"\xff" + ZH.encode())
    assert decoded == Decoded(f"{ZH}\ufffd{ZH}", "utf-8 with 1 broken bytes", doubtful=True)
    assert decoded.notes == [
        "read as utf-8 with 1 broken bytes, which is doubtful. Look at its text, or convert the file to UTF-8"
    ]


RU = "Протокол совета порта. Стоимость и область не разглашать.\n"
DE = "Der Rat sprach über größere Schiffe – „müssen“ sie warten? – und aß Käse.\n"
PL = "Zarząd portu omówił nowe nabrzeże; większe statki muszą czekać, żeby wpłynąć.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RU, "utf-16-le"),
        (RU, "utf-16-be"),
        (f"{ZH}\n", "utf-16-le"),
        (f"{JA}\n", "utf-16-be"),
        (JA, "iso2022_jp"),
        ("항만 위원회는 월요일에", "iso2022_kr"),
        ("The Chinese name is 港口委员会, says he.", "hz"),
    ],
)
def test_bytes_that_pass_as_ascii_or_utf_8_are_read_in_their_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


def test_control_characters_make_utf_8_doubtful_and_many_of_them_no_text() -> None:
    assert decode(b"The plan \xc2\x96 is \x01 done") == Decoded(
        "The plan \x96 is \x01 done", "utf-8 with 2 control characters", doubtful=True
    )
    for text in ("Page one\fPage two\r\n\tEnd\x1a", "\x1b[31mred\x1b[0m", "~{no Chinese~}"):
        assert decode(text.encode()) == Decoded(text, "utf-8")
    with pytest.raises(BadArticle, match="neither UTF-8 nor another encoding"):
        decode(RU.encode("utf-16-le") + b"\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (DE, "cp1252"),
        (DE, "cp1250"),
        ("The board – “long planned” – paid €5. It’s here. ", "cp1252"),
        (PL, "iso8859-2"),
        (PL, "cp1250"),
        ("Větší lodě musí čekat, žádné změny nebudou. ", "cp1250"),
        ("Şimdi büyük gemiler rıhtımı görüşmek için değil. ", "cp1254"),
        ("¿Cuánto costó el muelle? Más grande será mañana. ", "cp850"),
        (RU, "cp1251"),
        (RU, "koi8-r"),
    ],
)
def test_the_letters_of_a_language_tell_its_encoding(text: str, encoding: str) -> None:
    decoded = decode((text * 12).encode(encoding))
    assert (decoded.text, decoded.doubtful) == (text * 12, False)
    # Bytes that read the same in both are read as the more common one.
    assert decoded.encoding == ("cp1252" if text == DE else encoding)


def test_two_encodings_in_a_file_are_read_line_by_line_and_called_doubtful() -> None:
    for first, second, name in ((DE, DE, "cp1252"), (RU, RU, "cp1251"), (f"{ZH}\n", f"{ZH}\n", "gb18030")):
        for utf, other in ((9, 2), (2, 9)):
            raw = first.encode() * utf + second.encode(name) * other
            if name != "gb18030" or utf > other:  # short lines of Chinese are UTF-8 by chance
                assert decode(raw) == Decoded(first * utf + second * other, f"utf-8 and {name}", doubtful=True)


def test_lines_that_pass_together_as_utf_16_are_no_other_encoding() -> None:
    lines = [b"\xff\xfe\r--", b"\xad--", b"---\xff\xfe", b"\xff\xfe--\x00-", b"---\xff\xfe"]
    raw = b"\n".join(["Der Kai ist größer.".encode(), *lines, b"The tide."])
    assert (decode(raw).text.split("\n")[0], decode(raw).doubtful) == ("Der Kai ist größer.", True)


def test_short_lines_of_chinese_are_not_mixed_with_utf_8() -> None:
    text = "港口\n必须\n等待\n港口委员会星期一开会\n" * 20
    assert decode(text.encode("gb18030")) == Decoded(text, "gb18030")


def test_an_encoding_that_few_use_is_doubtful() -> None:
    assert decode("Ðàãîð ".encode("cp865", "ignore") * 60).doubtful


def test_sound_utf_8_needs_no_note() -> None:
    assert decode(ZH.encode()).notes == []


def test_bytes_that_are_no_text_are_an_error() -> None:
    with pytest.raises(BadArticle) as caught:
        decode(bytes(range(256)) * 4)
    assert str(caught.value) == (
        "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8"
    )


def test_bytes_that_do_not_fit_their_mark_are_an_error() -> None:
    with pytest.raises(BadArticle) as caught:
        decode(b"\xef\xbb\xbfTea \xff")
    assert str(caught.value) == "its first bytes say utf-8, but byte 7 does not fit. Save it as UTF-8"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<meta charset="gb2312">', "gb2312"),
        (b"<META HTTP-EQUIV='Content-Type' content='text/html; charset=GBK'>", "GBK"),
        (b'<?xml version="1.0" encoding="big5"?>', "big5"),
        (b"<p>charset=utf-8</p>", ""),
        (b" " * 5_000 + b'<meta charset="gb2312">', ""),
    ],
)
def test_the_charset_stands_in_the_head(head: bytes, name: str) -> None:
    assert declared_charset(head) == name


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf_8_is_always_itself(text: str) -> None:
    assert decode(text.encode()) == Decoded(text.removeprefix("\ufeff"), "utf-8")
