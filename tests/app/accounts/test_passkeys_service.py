"""Passkeys below the pages: an answer counts once, in this session, for this account, and only the officer's own keys read the record."""

import json
import threading
from datetime import date

import pytest

from app.accounts import factors, passkeys, second_factor
from app.accounts.factors import Factors
from app.accounts.passkeys import AT_MOST, LastFactor, PasskeyRefused, TooManyPasskeys
from app.office.people import reset_second_factor
from app.shared import acts, sessions
from app.shared.models import Account, Act, Session
from keys.passkeys import Site
from tests.cast import appointment, enrol, give_second_factor
from tests.keys.device import Device, from_base64url

SITE = Site("http://localhost:8000")
DAY = date(2026, 11, 21)


@pytest.fixture
def shared(cast):
    with cast.shared():
        yield


@pytest.fixture
def desk(cast, shared):
    """A session of an office that demands no second factor."""
    return session_of(cast["desk"])


@pytest.fixture
def clara(cast, shared):
    """A session of an office that demands one; it has an authenticator app."""
    return session_of(cast["clearing"])


def session_of(member, stage=sessions.FULL):
    token = sessions.begin(Account.get_by_id(member.account_id), member.keys, stage=stage)
    return sessions.resume(token, member.app.extensions["schotten"].limits)


def added(session, name="Schlüssel", site=SITE):
    device = Device(site.origin)
    passkeys.add(session, site, device.make(passkeys.ask_for_new(session, site, "Bund")), name, DAY)
    return device


def use(session, device, **wrong):
    passkeys.use(session, SITE, device.use(passkeys.ask_for_use(session, SITE), **wrong), DAY)


def of(session):
    return factors.of(session.account, session.keys)


def test_a_passkey_is_made_and_used_again_and_again(desk):
    device = added(desk)
    (before,) = of(desk).passkeys
    assert (before.name, before.host, before.made_on, before.used_on) == ("Schlüssel", "localhost", DAY, None)
    use(desk, device)
    use(desk, device)
    (after,) = of(desk).passkeys
    assert (after.used_on, after.credential.counter) == (DAY, 2)
    assert (
        Act.select().where(Act.act == acts.Kind.SECOND_FACTOR_SET, Act.actor == desk.account.id).count() == 1
    )


def test_an_answer_is_not_taken_twice(desk):
    device = added(desk)
    answer = device.use(passkeys.ask_for_use(desk, SITE))
    passkeys.use(desk, SITE, answer, DAY)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, answer, DAY)
    passkeys.ask_for_use(desk, SITE)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, answer, DAY)


def test_a_wrong_answer_uses_the_question_up(desk):
    device = added(desk)
    question = passkeys.ask_for_use(desk, SITE)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, device.use(question, origin="http://elsewhere"), DAY)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, device.use(question), DAY)


def test_an_answer_is_worth_nothing_in_another_session(cast, desk):
    device = added(desk)
    answer = device.use(passkeys.ask_for_use(desk, SITE))
    other = session_of(cast["desk"])
    passkeys.ask_for_use(other, SITE)
    with pytest.raises(PasskeyRefused):
        passkeys.use(other, SITE, answer, DAY)
    passkeys.use(desk, SITE, answer, DAY)


def test_an_answer_to_one_question_is_none_to_the_other(desk):
    """Bytes of a challenge for making never serve for using, even where somebody moved the nonce."""
    device = added(desk)
    made = json.loads(passkeys.ask_for_new(desk, SITE, "Bund"))["challenge"]
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, device.use(passkeys.ask_for_use(desk, SITE), challenge=made), DAY)


def test_another_accounts_passkey_is_refused(desk, clara):
    own, others = added(desk), added(clara)
    question = passkeys.ask_for_use(desk, SITE)
    assert others.id not in question.encode()
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, others.use(question), DAY)
    others.id = own.id
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, others.use(passkeys.ask_for_use(desk, SITE)), DAY)


def test_a_record_copied_from_another_account_is_none(desk, clara):
    device = added(clara)
    stolen = Account.get_by_id(clara.account.id).second_factor
    Account.update(second_factor=stolen).where(Account.id == desk.account.id).execute()
    found = of(desk)
    assert (found.secret, found.passkeys) == (None, ())
    assert passkeys.ask_for_use(desk, SITE) is None
    sessions.new_nonce(desk)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, device.use(passkeys.ask_for_use(clara, SITE)), DAY)


def test_neither_name_nor_key_nor_host_is_in_the_table_in_clear(desk):
    device = added(desk, "Telefon")
    stored = bytes(Account.get_by_id(desk.account.id).second_factor)
    for secret in (b"Telefon", b"localhost", device.id, device.id.hex().encode()):
        assert secret not in stored


def test_a_removed_passkey_is_refused(desk):
    device, kept = added(desk, "alt"), added(desk, "neu")
    answer = device.use(passkeys.ask_for_use(desk, SITE))
    (old,) = [one for one in of(desk).passkeys if one.name == "alt"]
    passkeys.remove(desk, old.id)
    with pytest.raises(PasskeyRefused):
        passkeys.use(desk, SITE, answer, DAY)
    use(desk, kept)
    with pytest.raises(PasskeyRefused):
        passkeys.remove(desk, old.id)
    assert Act.select().where(Act.act == acts.Kind.SECOND_FACTOR_REMOVED).count() == 1


def test_where_none_is_demanded_the_last_one_may_go_and_nothing_is_left(desk):
    added(desk)
    passkeys.remove(desk, of(desk).passkeys[0].id)
    assert Account.get_by_id(desk.account.id).second_factor is None


def test_the_last_second_factor_of_a_strict_office_stays(cast, shared):
    member = enrol(appointment("clearing"), "nora", cast.organisation.settings, compartment="clearing")
    member.app = cast.app
    nora = session_of(member, sessions.SECOND_FACTOR)
    added(nora, "eins")
    added(nora, "zwei")
    one, two = of(nora).passkeys
    passkeys.remove(nora, one.id)
    with pytest.raises(LastFactor):
        passkeys.remove(nora, two.id)
    give_second_factor(member)
    passkeys.remove(nora, two.id)
    assert of(nora).passkeys == ()


def test_codes_and_passkeys_stand_side_by_side(cast, clara):
    device = added(clara)
    use(clara, device)
    member = cast["clearing"]
    at = 2_000_000_000.0
    second_factor.check(clara.account, clara.keys, member.code(at), at)
    use(clara, device)
    secret = second_factor.new_offer()
    member.totp_secret = secret
    second_factor.set_up(clara.account, clara.keys, secret, member.code(at), at)
    use(clara, device)


def test_where_a_second_factor_is_lost_a_colleague_takes_passkeys_off_too(cast, desk):
    added(desk)
    by = session_of(enrolled_colleague(cast))
    reset_second_factor(desk.account.id, by=by)
    assert of(desk) == Factors()


def enrolled_colleague(cast):
    member = enrol(appointment("desk"), "dora", cast.organisation.settings, compartment="desk")
    member.app = cast.app
    Account.update(state="active").where(Account.id == member.account_id).execute()
    return member


def test_there_is_an_end_to_how_many(desk):
    for number in range(AT_MOST):
        added(desk, f"{number:02}")
    with pytest.raises(TooManyPasskeys):
        added(desk, "noch einer")
    assert len(of(desk).passkeys) == AT_MOST


def test_the_same_passkey_is_not_taken_twice(desk):
    device = added(desk)
    assert json.loads(passkeys.ask_for_new(desk, SITE, "Bund"))["excludeCredentials"]
    with pytest.raises(PasskeyRefused):
        passkeys.add(desk, SITE, device.make(passkeys.ask_for_new(desk, SITE, "Bund")), "wieder", DAY)


def test_a_passkey_works_only_where_it_was_made(desk):
    added(desk)
    assert passkeys.ask_for_use(desk, Site("https://clearing.example.org")) is None


def test_of_two_requests_with_the_same_answer_one_is_refused(cast, desk):
    device = added(desk)
    answer = device.use(passkeys.ask_for_use(desk, SITE))
    barrier, taken = threading.Barrier(2), []

    def try_it():
        with cast.shared():
            barrier.wait()
            try:
                passkeys.use(desk, SITE, answer, DAY)
            except PasskeyRefused:
                taken.append(False)
            else:
                taken.append(True)

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]


def test_the_table_holds_no_challenge(desk):
    added(desk)
    challenge = from_base64url(json.loads(passkeys.ask_for_use(desk, SITE))["challenge"])
    row = Session.get_by_id(desk.id)
    assert len(bytes(row.nonce)) == len(challenge) == 32
    assert challenge not in (bytes(row.nonce), bytes(row.blob))
