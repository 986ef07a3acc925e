"""What is sealed can be read with its key and at its place alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store.seal import DataKey, MasterKeys, keep_keys, new_key, no_keys, read_keys, write_key


def test_a_sealed_text_is_read_with_its_key_and_differs_each_time() -> None:
    key = DataKey(7, new_key())
    one, two = (key.seal("Anna Schmidt", "name of o1") for _ in range(2))
    assert one != two
    assert one.startswith("7.")
    assert "Anna" not in one
    assert key.open(one.partition(".")[2], "name of o1") == "Anna Schmidt"


def test_a_text_at_another_place_or_changed_is_refused() -> None:
    key = DataKey(1, new_key())
    body = key.seal("Anna", "name of o1").partition(".")[2]
    changed = ("B" if body[20] == "A" else "A").join([body[:20], body[21:]])
    for wrong, place in ((body, "name of o2"), (changed, "name of o1"), ("", "name of o1"), ("?", "name of o1")):
        with pytest.raises(StoreError, match="was changed, or belongs elsewhere"):
            key.open(wrong, place)
    with pytest.raises(StoreError):
        DataKey(1, new_key()).open(body, "name of o1")


def test_a_pseudonym_is_constant_for_a_key_and_another_for_another() -> None:
    key, other = DataKey(0, new_key()), DataKey(0, new_key())
    assert key.pseudonym("anna@example.org") == key.pseudonym("anna@example.org") != key.pseudonym("bo@example.org")
    assert key.pseudonym("anna@example.org") != other.pseudonym("anna@example.org")


def test_every_master_key_unwraps_and_the_first_one_wraps() -> None:
    old, new, data = new_key(), new_key(), new_key()
    wrapped = MasterKeys((old,)).wrap(data, "key 1")
    both = MasterKeys((new, old))
    assert both.unwrap(wrapped, "key 1") == data
    again = both.wrap(data, "key 1")
    assert MasterKeys((new,)).unwrap(again, "key 1") == data
    with pytest.raises(StoreError, match="which is not there; give it after the first one"):
        MasterKeys((new,)).unwrap(wrapped, "key 1")


def test_keys_are_read_from_words_and_wrong_ones_are_not_repeated() -> None:
    key, other = new_key(), new_key()
    assert read_keys(f"{write_key(key)}\n {write_key(other)}\n") == MasterKeys((key, other))
    for text in ("", "swordfish", write_key(key) + "x"):
        with pytest.raises(MisuseError, match="32 random bytes") as error:
            read_keys(text)
        assert "swordfish" not in str(error.value)
    assert write_key(key) not in repr(read_keys(write_key(key)))


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "shop.db.key"
    made = keep_keys(file)
    assert keep_keys(file) == made
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_a_place_for_keys_it_is_said_what_to_set() -> None:
    with pytest.raises(MisuseError, match="set ENTREPOST_MASTER_KEY_FILE"):
        no_keys()
