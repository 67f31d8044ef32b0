"""Enrolment below the pages: no account without a signature, one account per code, and all of it or nothing."""

from datetime import timedelta

import pytest

from app.accounts import enrolment
from app.accounts.enrolment import (
    Choices,
    CommitmentChanged,
    ExpiredCode,
    UnknownCode,
    UsedCode,
    UsernameTaken,
    WeakPassphraseChosen,
)
from app.accounts.login import authenticate
from app.accounts.names import BadUsername
from app.clock import today, utc_now
from app.offices import JUNIOR
from app.shared import acts, assignments, commitments
from app.shared.models import (
    Account,
    Act,
    Commitment,
    CommitmentText,
    Enrolment,
    Grant,
    Vault,
    VaultEpoch,
)
from keys.codes import new_code
from keys.enrolment import code_id
from keys.identity import PublicKeys
from tests.cast import CHEAP, appointment

DAY = today()
GOOD = "sieben lose Segel im Nebel"


@pytest.fixture
def code(cast):
    with cast.shared():
        yield appointment("desk")


def choices(**changed):
    chosen = {
        "version": 1,
        "language": "de",
        "signed_name": "Nora Neu",
        "username": "nora",
        "display_name": "Nora",
        "passphrase": GOOD,
    }
    return Choices(**{**chosen, **changed})


def enrol(code, settings, **changed):
    return enrolment.enrol(code, choices(**changed), settings, DAY)


def test_a_code_becomes_an_account_that_waits_for_admission(code, settings):
    enrolled = enrol(code, settings)
    assert not enrolled.admitted
    account = Account.get_by_id(enrolled.account.id)
    assert (account.compartment, account.state, account.username) == ("desk", "enrolled", "nora")
    assert Grant.select().where(Grant.account == account).count() == 0
    assert authenticate("nora", GOOD, CHEAP, utc_now())[0].id == account.id


def test_the_signature_verifies_with_the_accounts_own_keys_and_no_others(code, settings, cast):
    enrolled = enrol(code, settings)
    commitment = Commitment.get(Commitment.assignment == enrolled.account.assignment_id)
    commitments.verify(commitment, PublicKeys.from_bytes(bytes(enrolled.account.public_keys)))
    with pytest.raises(commitments.CommitmentNotSigned):
        commitments.verify(commitment, cast["desk"].keys.public)


def test_a_role_comes_from_the_appointment(cast, settings):
    with cast.shared():
        enrolled = enrol(appointment("administration", role=JUNIOR), settings)
        assert enrolled.account.role == JUNIOR


def test_a_second_click_is_told_that_the_code_has_been_used(code, settings):
    enrol(code, settings)
    with pytest.raises(UsedCode):
        enrol(code, settings, username="nora2")
    assert Account.select().where(Account.username.in_(("nora", "nora2"))).count() == 1


def test_the_first_officers_code_holds_no_key_any_more_once_it_is_used(cast):
    with cast.shared():
        row = Enrolment.get_by_id(code_id(cast.organisation.codes["desk"]))
        assert row.used_on is not None
        assert row.first_grant is None


@pytest.mark.parametrize("typed", ["", "bcdfg", "aeiou-aeiou-aeiou-aeiou", "x" * 5000, "\x00" * 20])
def test_what_is_no_code_is_unknown(code, settings, typed):
    with pytest.raises(UnknownCode):
        enrol(typed, settings)


def test_a_code_that_nobody_was_given_is_unknown(code, settings):
    with pytest.raises(UnknownCode):
        enrol(new_code(), settings)


def test_a_code_is_taken_however_it_is_typed(code, settings):
    assert enrol(code.upper().replace("-", " "), settings).account


def test_a_code_expires(code, settings):
    with pytest.raises(ExpiredCode):
        enrolment.enrol(code, choices(), settings, DAY + timedelta(days=31))


def test_a_withdrawn_appointment_enrols_nobody(code, settings):
    assignments.withdraw_appointment(enrolment.find(code, DAY).assignment)
    with pytest.raises((UnknownCode, ExpiredCode)):
        enrol(code, settings)


def test_a_text_that_came_into_force_meanwhile_must_be_read_first(code, settings):
    CommitmentText.create(version=2, texts={"de": "Neu."}, in_force_from=DAY)
    with pytest.raises(CommitmentChanged):
        enrol(code, settings)
    assert enrol(code, settings, version=2).account


def test_a_user_name_is_given_once(code, settings, cast):
    with pytest.raises(UsernameTaken):
        enrol(code, settings, username="MEMBERSHIP")


def test_a_user_name_is_free_again_when_its_account_has_ended(code, settings, cast):
    assignments.end(Account.get_by_id(cast["desk"].account_id).assignment_id, day=DAY)
    assert enrol(code, settings, username="desk").account


@pytest.mark.parametrize("username", ["", "ab", ".nora", "nora.", "nöra", "no ra", "n" * 33, "а" * 5])
def test_a_user_name_that_could_be_mistaken_for_another_is_refused(code, settings, username):
    with pytest.raises(BadUsername):
        enrol(code, settings, username=username)


@pytest.mark.parametrize(
    ("passphrase", "problem"),
    [
        ("kurz", "short"),
        ("passwort1234", "guessable"),
        ("Nora Neu Nora Neu", "guessable"),
        ("x" * 1025, "long"),
    ],
)
def test_a_weak_passphrase_is_refused_by_name_of_the_problem(code, settings, passphrase, problem):
    with pytest.raises(WeakPassphraseChosen) as refused:
        enrol(code, settings, passphrase=passphrase)
    assert refused.value.problem == problem
    assert Account.get_or_none(Account.username == "nora") is None


def test_enrolling_is_in_the_log_without_a_name(code, settings):
    enrolled = enrol(code, settings)
    act = Act.select().order_by(Act.number.desc()).get()
    assert (act.act, act.compartment, act.subject) == (acts.Kind.ENROLLED, "desk", enrolled.account.id)
    assert list(acts.broken_links()) == []


def test_what_was_typed_appears_in_no_repr(code, settings):
    enrolled = enrol(code, settings)
    assert GOOD not in repr(choices())
    assert "KeyPairs" not in repr(enrolled)


def test_a_code_of_an_epoch_that_has_gone_admits_nobody(new_organisation):
    """The keys were renewed before the first officer's code was used: what it carries opens nothing any more."""
    layer = new_organisation.shared_layer()
    with layer.bound():
        VaultEpoch.update(state="retired").where(VaultEpoch.vault == "desk").execute()
        VaultEpoch.create(vault="desk", epoch=2, state="active", recovery=b"x")
        Vault.update(epoch=2).where(Vault.name == "desk").execute()
        with pytest.raises(ExpiredCode):
            enrol(new_organisation.codes["desk"], new_organisation.settings)
        assert Account.select().count() == Commitment.select().count() == 0
    layer.close()
