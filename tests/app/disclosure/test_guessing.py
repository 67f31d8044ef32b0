"""Somebody who has this program runs it over every table that fits what is published: with a seed that they don't know, that excludes none of their guesses."""

import random

from app.disclosure import Dimension, Table, protect_together

K = 10
KIND = Dimension("kind", ("a", "b", "c"))
TOTAL_OF_ALL = 40
LUCK = random.Random(1)
SEEDS = [LUCK.randbytes(32) for _ in range(8)]


def published(a, b, c, seed):
    table = Table("t", (KIND,), {("a",): a, ("b",): b, ("c",): c})
    (done,) = protect_together([table], K, seed=seed)
    return done.method, tuple(done.cells.values())


def narrowed(seeds):
    """What was published from which a small number can be told closer than that it is small, by all tables of this sum that might have led to it."""
    guesses = {}
    for a in range(TOTAL_OF_ALL + 1):
        for b in range(TOTAL_OF_ALL + 1 - a):
            counts = a, b, TOTAL_OF_ALL - a - b
            for seed in seeds:
                guesses.setdefault(published(*counts, seed), set()).add(counts)
    found = []
    for (_method, cells), tables in guesses.items():
        for place, number in enumerate(cells[:3]):
            small = {counts[place] for counts in tables if counts[place] < K}
            if number is None and small and small != set(range(K)):
                found.append((cells, place, small))
    return found


def test_whoever_runs_it_again_learns_nothing_where_chance_has_chosen():
    assert narrowed([b""]), "the attacker finds nothing even where nothing is left to chance"
    assert narrowed(SEEDS) == []


def test_one_seed_chooses_the_same_each_time_and_another_otherwise():
    chosen = [published(4, 18, 18, seed) for seed in SEEDS]
    assert chosen == [published(4, 18, 18, seed) for seed in SEEDS]
    assert len(set(chosen)) > 1
