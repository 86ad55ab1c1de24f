"""Sentences are kept in English and spoken in the language of whoever reads them."""

from concurrent.futures import ThreadPoolExecutor

from inventory import words
from inventory.sentence import Sentence, say

MISSING = "is missing"
UNKNOWN = "there is no device {name}"


def test_a_sentence_is_spoken_in_the_language_of_the_moment() -> None:
    kept = say(UNKNOWN, name="gw-x")
    assert str(kept) == "there is no device gw-x"
    with words.speaking("pl"):
        assert str(kept) == "nie ma urządzenia gw-x"
    assert str(kept) == "there is no device gw-x"


def test_a_sentence_survives_being_written_down() -> None:
    kept = say(UNKNOWN, name="{name} <b>")
    again = Sentence.model_validate_json(kept.model_dump_json())
    assert again == kept
    assert str(again) == "there is no device {name} <b>"


def test_speaking_is_for_one_thread_alone() -> None:
    with words.speaking("pl"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(words.language).result() == "en"
        assert words.language() == "pl"
        with words.speaking("en"):
            assert words.gettext(MISSING) == MISSING
        assert words.gettext(MISSING) != MISSING
    assert words.language() == "en"


def test_equal_sentences_are_one_among_the_keys_of_a_mapping() -> None:
    one, same, other = say(UNKNOWN, name="gw-x"), say(UNKNOWN, name="gw-x"), say(UNKNOWN, name="gw-y")
    assert len({one, same, other, say(MISSING)}) == 3
