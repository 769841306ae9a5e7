from app.answering.links import article_address, original_address


def test_an_address_escapes_what_could_end_a_path() -> None:
    assert article_address('zh/茶 & "milk"?#') == "/articles/zh/%E8%8C%B6%20%26%20%22milk%22%3F%23"
    assert original_address("a b") == "/originals/a%20b"
