import pytest

from index.reading.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour was dredged for the first time in a generation, and the first ships came in on the tide.", "en"),
        ("全国科技工作会议在北京召开，GDP增长5%。", "zh"),
        ("Der Hafen wurde zum ersten Mal seit einer Generation vertieft, und die Schiffe kamen mit der Flut.", ""),
        ("Le port a été dragué pour la première fois depuis une génération, et les bateaux sont entrés.", ""),
        ("日本の科学技術政策は変わった。新しい研究が始まる。", ""),
        ("한국의 과학 기술 정책", ""),
        ("Порт был углублён впервые за тридцать лет.", ""),
        ("Tea is dry.", ""),
        ("1,935.3", ""),
        ("", ""),
    ],
)
def test_a_language_is_named_only_where_the_letters_leave_no_doubt(text: str, language: str) -> None:
    assert language_of(text) == language
