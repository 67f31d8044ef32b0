"""Promise P6 on a filled organisation: what one opened vault surrenders, what two do, and that only three tie a person to an account.

Membership knows person and reference key, clearing reference key and invite code, administration invite code and account. Here everything that
stands in a vault is read out as an attacker with its key would, and searched for the identifiers of the others.
"""

import json
import re
from collections import Counter
from importlib import import_module
from itertools import combinations

import pytest

from app.accounts import login
from app.cli.ground import shared_layer
from app.clock import utc_now
from app.config import Settings
from app.instance import Instance
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from compartments.administration.codes.models import Code
from compartments.clearing.keysets.models import Pair
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.models import Person

THREE = ("membership", "clearing", "administration")
CODE = re.compile(
    r"(?<![a-z0-9])(?:[bcdfghjkmnpqrstvwxyz2-9]{5}-?){3}[bcdfghjkmnpqrstvwxyz2-9]{5}(?![a-z0-9])"
)


DAY = re.compile(r"\d{4}-\d\d-\d\d[ T:.0-9]*")
FLOOR = 5


def rows_of(database):
    tables = database.execute_sql("select name from sqlite_schema where type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute_sql(f'select * from "{table}"'):
            yield (
                table,
                [
                    value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
                    for value in row
                ],
            )


def plain(code):
    return code.replace("-", "")


class Opened:
    """One vault, read out: everything in it as one text, every code in that text, and how many rows with one code share their days."""

    def __init__(self, database):
        rows = list(rows_of(database))
        self.text = "\n".join(value for _table, row in rows for value in row).lower()
        self.codes = {plain(found) for found in CODE.findall(self.text)}
        self.days = Counter(
            (table, *(value for value in row if DAY.fullmatch(value)))
            for table, row in rows
            if any(CODE.fullmatch(value) for value in row)
        )


@pytest.fixture(scope="module")
def spoils(demo_once):
    """What an attacker has who got everything, apart by office; and the truth, from the tables themselves."""
    folder = demo_once[0]
    settings = Settings(instance=folder, https=False)
    accounts = json.loads((folder / "demo.json").read_text())["accounts"]
    layer = shared_layer(settings, Instance(folder))
    found, truth = {}, {}
    with layer.bound() as shared:
        for name in THREE:
            one = next(row for row in accounts if row["compartment"] == name and row["admitted"])
            account, keys = login.authenticate(one["username"], one["passphrase"], settings.argon2, utc_now())
            session = OfficerSession("test", account, "full", True, keys)
            schema = import_module(f"compartments.{name}.models").SCHEMA
            with open_vault(Instance(folder), name, session.vault_keys(name), schema) as vault:
                truth[name] = TRUTH[name]()
                found[name] = Opened(vault.database)
        found["shared"] = Opened(shared)
    layer.close()
    return found, truth


TRUTH = {
    "membership": lambda: {
        "keys": [plain(key) for (key,) in ReferenceKey.raw("select key from reference_key").tuples()],
        "mails": {row.email.lower() for row in Person.select(Person.email) if row.email},
    },
    "clearing": lambda: {"pairs": {plain(row.reference): plain(row.invite) for row in Pair.select()}},
    "administration": lambda: {
        "codes": [plain(code) for (code,) in Code.raw("select code from code").tuples()]
    },
}


def test_the_organisation_is_filled(spoils):
    _found, truth = spoils
    assert len(truth["membership"]["keys"]) > 1000
    assert len(truth["administration"]["codes"]) > 1000
    assert set(truth["membership"]["keys"]) == set(truth["clearing"]["pairs"])
    assert set(truth["administration"]["codes"]) == set(truth["clearing"]["pairs"].values())


def test_the_search_finds_what_is_there(spoils):
    found, truth = spoils
    assert set(truth["membership"]["keys"]) <= found["membership"].codes
    assert set(truth["administration"]["codes"]) <= found["administration"].codes
    assert any(mail in found["membership"].text for mail in truth["membership"]["mails"])


@pytest.mark.parametrize("office", ["clearing", "administration", "shared"])
def test_nobody_outside_membership_learns_who_a_member_is(spoils, office):
    found, truth = spoils
    assert not [mail for mail in truth["membership"]["mails"] if mail in found[office].text]


@pytest.mark.parametrize("office", ["membership", "shared"])
def test_no_invite_code_lies_with_membership_or_in_the_shared_layer(spoils, office):
    found, truth = spoils
    assert not found[office].codes & set(truth["administration"]["codes"])


@pytest.mark.parametrize("office", ["administration", "shared"])
def test_no_reference_key_lies_with_administration_or_in_the_shared_layer(spoils, office):
    found, truth = spoils
    assert not found[office].codes & set(truth["membership"]["keys"])


def test_membership_and_administration_together_share_no_identifier(spoils):
    found, _truth = spoils
    assert not found["membership"].codes & found["administration"].codes


def test_two_offices_that_include_clearing_tie_just_their_own_halves(spoils):
    """As SECURITY.md says it: person to code without the account; key to account without the person."""
    found, truth = spoils
    assert found["membership"].codes & found["clearing"].codes >= set(truth["membership"]["keys"])
    assert found["clearing"].codes & found["administration"].codes >= set(truth["administration"]["codes"])
    assert not [
        mail
        for mail in truth["membership"]["mails"]
        if mail in found["clearing"].text + found["administration"].text
    ]


def test_the_order_of_rows_lines_up_in_no_two_vaults(spoils):
    _found, truth = spoils
    pairs = truth["clearing"]["pairs"]
    key_of = {code: key for key, code in pairs.items()}
    orders = {
        "membership": truth["membership"]["keys"],
        "clearing": list(pairs),
        "administration": [key_of[code] for code in truth["administration"]["codes"]],
    }
    for one, other in combinations(orders, 2):
        assert abs(correlation(orders[one], orders[other])) < 0.15, (one, other)


@pytest.mark.parametrize("office", ["clearing", "administration", "shared"])
def test_no_time_tells_a_code_from_the_others_of_its_batch(spoils, office):
    """A day that only few codes have, next to one that a single key has at membership, would tie them."""
    found, _truth = spoils
    assert found["administration"].days, "the search finds rows with codes"
    assert not {what: number for what, number in found[office].days.items() if number < FLOOR}


def correlation(one, other):
    """Spearman's rank correlation; about 0.03 either way for a thousand shuffled rows."""
    places = {key: place for place, key in enumerate(other)}
    size = len(one)
    squares = sum((place - places[key]) ** 2 for place, key in enumerate(one))
    return 1 - 6 * squares / (size * (size**2 - 1))
