"""What the office has set: two officers who set something at the same moment both have it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from compartments.membership.imports import thresholds
from compartments.membership.invitations import texts
from compartments.membership.reconciliation import rules

TIMES = 25


@pytest.mark.parametrize(
    ("save", "read", "names", "value"),
    [
        (rules.save, rules.numbers, (rules.THRESHOLD, rules.FIRST_DAY), lambda number: 1 + number),
        (
            thresholds.save,
            thresholds.numbers,
            (thresholds.PERCENT, thresholds.LEAST),
            lambda number: 1 + number,
        ),
        (texts.save_settings, texts.settings, (texts.CONTACT, texts.CLAIM_ADDRESS), str),
    ],
    ids=["reconciliation", "imports", "mails"],
)
def test_what_a_colleague_sets_at_the_same_moment_stays(cast, save, read, names, value):
    together = Barrier(len(names))

    def sets(name):
        try:
            with cast.vault("membership"):
                for number in range(TIMES):
                    together.wait(60)
                    save({name: value(number)})
                    together.wait(60)
                    assert read()[name] == value(number), (
                        "a colleague has set another one, and this one with it"
                    )
        except BaseException:
            together.abort()
            raise

    with ThreadPoolExecutor(len(names)) as pool:
        for done in [pool.submit(sets, name) for name in names]:
            done.result()
