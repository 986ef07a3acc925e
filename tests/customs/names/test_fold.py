"""Names are folded: script, titles, legal forms and digits for letters leave no trace of what they are not."""

from hypothesis import given
from hypothesis import strategies as st

from entrepost.customs.names.fold import LONGEST, WORDS_MAX, fold, to_latin


def test_scripts_become_latin_letters() -> None:
    assert fold("Қасым-Жомарт Тоқаев").words == ("qasym", "zhomart", "toqaev")
    assert fold("习近平").words == ("xi", "jin", "ping")
    assert fold("Fernando Pérez").words == ("fernando", "perez")


def test_long_vowels_of_arabic_names_are_kept() -> None:
    assert fold("باراك أوباما").words == ("barak", "awbama")
    assert fold("باراك أوباما").sparse


def test_legal_forms_of_one_or_many_words_are_cut_off_and_remembered() -> None:
    for name in ("Gazprom OAO", "Open Joint Stock Company Gazprom", "GAZPROM, J.S.C."):
        assert fold(name).words == ("gazprom",)
        assert fold(name).forms == {"jsc"}
    assert fold("Faberlic Sp. z o.o.").forms == {"spzoo"}
    assert fold("Volkswagen Gesellschaft mit beschränkter Haftung").forms == fold("Volkswagen GmbH").forms


def test_a_name_of_nothing_but_forms_keeps_its_words() -> None:
    assert fold("The Company Ltd").words == ("the",)
    assert fold("LLC").words == ("llc",)


def test_words_written_as_one_are_parted_where_a_capital_says_so() -> None:
    assert fold("SergeiLavrov").words == ("sergei", "lavrov")
    assert fold("ORLOVSKY").words == ("orlovsky",)


def test_digits_among_letters_are_read_as_letters_and_numerals_as_numbers() -> None:
    assert fold("I9or Sech1n").words == ("igor", "sechin")
    assert fold("KKR Asian Fund III").words == fold("KKR Asian Fund Three").words
    assert fold("Xi Jinping").words == ("xi", "jinping")


def test_titles_and_frequent_words_weigh_little() -> None:
    sheikh, rare = fold("Sheikh Qassemzadeh").weights
    frequent = fold("Mohammed").weights[0]
    assert sheikh < frequent < rare == 1.0


@given(st.text(max_size=60))
def test_any_text_folds_to_plain_words(name: str) -> None:
    for word in fold(name).words:
        assert word
        assert word.isascii()
        assert word.isalnum()


def test_hostile_names_cost_no_time_and_lose_nothing_else() -> None:
    assert fold("").words == fold("\0\0").words == fold("\u202e\u200f").words == ()
    assert len(fold("x" * 1_000_000).words[0]) == LONGEST
    assert len(fold("ab " * 400_000).words) == WORDS_MAX
    assert to_latin("Or\0lov\u202esky") == "Orlovsky"
