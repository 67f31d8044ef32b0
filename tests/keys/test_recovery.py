"""The recovery key on paper."""

from itertools import combinations

import pytest

from keys.errors import CannotOpen, RefusedShare
from keys.recovery import TypedShares, new_recovery, recover
from keys.sealing import open_sealed, seal


@pytest.fixture(scope="module")
def two_of_three():
    return new_recovery()


def test_any_two_of_three_shares_recover_the_key(two_of_three):
    public, shares = two_of_three
    sealed = seal(b"vault key", public, info=b"grant")
    for pair in combinations(shares, 2):
        assert open_sealed(sealed, recover(pair), info=b"grant") == b"vault key"


def test_all_shares_recover_the_key_in_any_order(two_of_three):
    public, shares = two_of_three
    assert recover(reversed(shares)).public == public


def test_one_share_recovers_nothing(two_of_three):
    for share in two_of_three[1]:
        with pytest.raises(CannotOpen):
            recover([share])


def test_shares_are_forgiven_for_case_and_spacing(two_of_three):
    public, shares = two_of_three
    assert recover(["  " + shares[0].upper().replace(" ", "\n"), shares[2]]).public == public


def test_shares_of_two_recovery_keys_do_not_mix(two_of_three):
    with pytest.raises(CannotOpen):
        recover([two_of_three[1][0], new_recovery()[1][1]])


def test_every_wrong_word_is_noticed(two_of_three):
    shares = two_of_three[1]
    words = shares[0].split()
    for place, word in enumerate(words):
        wrong = "academic" if word != "academic" else "zero"
        with pytest.raises(CannotOpen) as failure:
            recover([" ".join([*words[:place], wrong, *words[place + 1 :]]), shares[1]])
        assert not set(str(failure.value).split()) & (set(words) - {"make"})


@pytest.mark.parametrize(
    "nonsense", ["", " ", "academic", "not a share", "äöü", "academic " * 33, "academic " * 5000]
)
def test_nonsense_is_no_share(two_of_three, nonsense):
    with pytest.raises(CannotOpen):
        recover([nonsense, two_of_three[1][0]])


def test_three_of_five_need_three():
    public, shares = new_recovery(3, 5)
    assert recover(shares[1:4]).public == public
    with pytest.raises(CannotOpen):
        recover(shares[:2])


def test_a_share_is_33_words(two_of_three):
    assert [len(share.split()) for share in two_of_three[1]] == [33, 33, 33]


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 3), (3, 2), (2, 17), (0, 0)])
def test_a_single_paper_that_opens_everything_is_not_offered(k, n):
    with pytest.raises(ValueError):
        new_recovery(k, n)


# --- typed one after the other ----------------------------------------------------------------------------------------


def test_each_share_is_checked_as_it_is_typed_and_says_how_many_more_are_needed():
    public, shares = new_recovery(3, 5)
    typed, missing = TypedShares(), []
    for share in shares[:3]:
        typed.add(share)
        missing.append(typed.missing)
    assert missing == [2, 1, 0]
    assert typed.key_pair().public == public


def test_without_a_share_at_least_one_is_missing():
    assert TypedShares().missing == 1


def test_four_letters_do_for_a_word(two_of_three):
    public, shares = two_of_three
    typed = TypedShares()
    for share in shares[:2]:
        typed.add(" ".join(word[:4] for word in share.split()))
    assert typed.key_pair().public == public


@pytest.mark.parametrize(
    ("change", "problem", "said"),
    [
        (lambda words: words[:-1], "length", {"counted": 32}),
        (lambda words: words[:0], "length", {"counted": 0}),
        (lambda words: ["nonsense", *words[1:30], "aca", *words[31:]], "words", {"places": (1, 31)}),
        (lambda words: [*words[:5], f"{words[5]}x", *words[6:]], "words", {"places": (6,)}),
        (lambda words: [words[1], words[0], *words[2:]], "checksum", {}),
    ],
)
def test_a_share_that_is_none_says_why_and_changes_nothing(change, problem, said):
    words = ["academic", "zero"]
    while words[0] == "academic" or words[0] == words[1]:
        public, shares = new_recovery()
        words = shares[0].split()
    typed = TypedShares()
    typed.add(shares[1])
    with pytest.raises(RefusedShare) as refused:
        typed.add(" ".join(change(words)))
    assert refused.value.problem == problem
    assert {name: getattr(refused.value, name) for name in said} == said
    assert str(refused.value) == f"not a share that fits: {problem}"
    assert typed.missing == 1
    typed.add(shares[0])
    assert typed.key_pair().public == public


def test_the_same_share_twice_and_a_share_of_another_key_are_refused(two_of_three):
    typed = TypedShares()
    typed.add(two_of_three[1][0])
    for share, problem in ((two_of_three[1][0], "again"), (new_recovery()[1][1], "foreign")):
        with pytest.raises(RefusedShare) as refused:
            typed.add(share)
        assert refused.value.problem == problem
    assert typed.missing == 1
    with pytest.raises(CannotOpen):
        typed.key_pair()
