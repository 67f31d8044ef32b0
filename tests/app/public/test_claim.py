"""Claiming an invite code: once, on one device, and nothing told about keys that open nothing."""

import re
from datetime import timedelta

import pytest
from peewee import Database

import keys.claims as module
from app.clock import utc_now
from app.factory import create_app
from app.public import claiming
from app.shared import claims
from app.shared.claim_models import ClaimSlot, GraceSlot
from app.shared.claims import Slot
from app.shared.models import Envelope
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.codes import new_code
from keys.errors import MissingClaimKey
from keys.sealing import SealingKey
from keys.symmetric import open_with

TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


@pytest.fixture
def pair(app, organisation):
    """A reference key and its invite code, with an open slot."""
    reference, invite = new_code(), new_code()
    with app.extensions["schotten"].shared.bound():
        put(organisation, reference, invite)
    return reference, invite


def put(organisation, reference, invite):
    keys = ClaimKeys.from_reference(reference)
    to = SealingKey.from_bytes(organisation.instance.claim_sealing_key)
    with claims.putting(new_code()[:20]):
        claims.put([Slot(keys.slot_id, keys.seal_slot(invite, to))])


def enter(client, key):
    found = TOKEN.search(client.get("/claim").text)
    return client.post("/claim", data={"csrf_token": found[1], "key": key})


def test_a_key_shows_its_code_once(app, cast, pair):
    reference, invite = pair
    page = enter(app.test_client(), f" {reference.upper().replace('-', ' ')}")
    assert invite in page.text
    assert page.headers["Cache-Control"] == "no-store"
    with cast.shared():
        assert ClaimSlot.select().count() == 0
        assert [row.recipient for row in Envelope.select()] == ["clearing"]
    assert invite not in enter(app.test_client(), reference).text


def test_the_same_device_sees_it_again_for_a_while(app, cast, pair, monkeypatch):
    reference, invite = pair
    client = app.test_client()
    enter(client, reference)
    assert invite in enter(client, reference).text
    with cast.shared():
        assert Envelope.select().count() == 1
    later = utc_now() + claims.GRACE + timedelta(seconds=1)
    monkeypatch.setattr("app.public.claim.utc_now", lambda: later)
    assert invite not in enter(client, reference).text
    with cast.shared():
        assert claims.remove_expired(later) == 1


def test_another_person_on_the_same_device_sees_nothing_without_the_key(app, pair):
    client = app.test_client()
    enter(client, pair[0])
    assert pair[1] not in enter(client, new_code()).text


def test_used_deactivated_and_unknown_keys_get_one_answer(app, cast, organisation, pair):
    deactivated = new_code()
    with cast.shared():
        put(organisation, deactivated, new_code())
        claims.delete([ClaimKeys.from_reference(deactivated).slot_id])
    enter(app.test_client(), pair[0])
    pages = set()
    for key in (pair[0], deactivated, new_code()):
        page = enter(app.test_client(), key)
        assert page.status_code == 200
        pages.add(TOKEN.sub("", page.text).replace(key, "KEY"))
    assert len(pages) == 1


def test_whatever_opens_nothing_costs_the_same_work(app, cast, organisation, pair, monkeypatch):
    """Counted, not timed: the same queries, the same number of openings of each kind."""
    deactivated = new_code()
    with cast.shared():
        put(organisation, deactivated, new_code())
        claims.delete([ClaimKeys.from_reference(deactivated).slot_id])
    enter(app.test_client(), pair[0])
    counted = []
    _count(monkeypatch, counted)
    done = []
    for key in (pair[0], deactivated, new_code()):
        counted.clear()
        client = app.test_client()
        enter(client, key)
        done.append(list(counted))
    assert done[0] == done[1] == done[2]
    assert {"decapsulated", "outer", "grace"} < set(done[0])


def _count(monkeypatch, counted):
    opened, execute = module.open_sealed, Database.execute_sql
    monkeypatch.setattr(
        module,
        "open_sealed",
        lambda *given, **named: counted.append("decapsulated") or opened(*given, **named),
    )
    monkeypatch.setattr(
        module,
        "open_with",
        lambda key, sealed, *, info: (
            counted.append("outer" if len(sealed) > 500 else "grace") or open_with(key, sealed, info=info)
        ),
    )
    monkeypatch.setattr(
        Database,
        "execute_sql",
        lambda self, sql, *rest, **named: counted.append(sql) or execute(self, sql, *rest, **named),
    )


def test_a_changed_slot_is_answered_like_a_missing_one(app, cast, pair):
    with cast.shared():
        row = ClaimSlot.get()
        changed = bytearray(row.ciphertext)
        changed[-1] ^= 1
        ClaimSlot.update(ciphertext=bytes(changed)).execute()
    page = enter(app.test_client(), pair[0])
    assert pair[1] not in page.text
    assert "error-summary" in page.text


@pytest.mark.parametrize("key", ["", "nonsense", "a" * 20, "b" * 300, "bcdfg-hjkmn-pqrst-vwxy1", "\x00" * 20])
def test_what_is_no_key_is_told_so(client, key):
    page = enter(client, key)
    assert page.status_code == 200
    assert "error-summary" in page.text


def test_without_the_cookie_nothing_is_claimed(app, cast, pair):
    client = app.test_client()
    found = TOKEN.search(client.get("/claim").text)
    client.delete_cookie("schotten-claim")
    page = client.post("/claim", data={"csrf_token": found[1], "key": pair[0]})
    assert pair[1] not in page.text
    with cast.shared():
        assert ClaimSlot.select().count() == 1
    assert pair[1] in enter(client, pair[0]).text


def test_an_expired_form_claims_nothing(app, cast, pair):
    client = app.test_client()
    client.get("/claim")
    page = client.post("/claim", data={"csrf_token": "old", "key": pair[0]})
    assert pair[1] not in page.text
    with cast.shared():
        assert ClaimSlot.select().count() == 1


def test_two_at_once_and_one_of_them_gets_it(app, cast, organisation, pair, monkeypatch):
    """Both have looked before either takes: the second finds the slot gone."""
    reference = ClaimKeys.from_reference(pair[0])
    found = claiming.Claims(ClaimKeyPair.load(organisation.instance.claim_key))
    clearing = app.extensions["schotten"].pinned("clearing")
    now = utc_now()
    with cast.shared():
        sealed = claims.find(reference.slot_id)
        monkeypatch.setattr(claims, "find", lambda _slot: sealed)
        one = found.claim(reference, "one" * 20, clearing=clearing, day=now.date(), now=now)
        two = found.claim(reference, "two" * 20, clearing=clearing, day=now.date(), now=now)
        again = found.claim(reference, "one" * 20, clearing=clearing, day=now.date(), now=now)
        assert Envelope.select().count() == GraceSlot.select().count() == 1
    assert (one, two, again) == (pair[1], None, pair[1])


def test_slots_that_were_put_twice_are_there_once_and_claimed_ones_stay_away(cast, organisation):
    keys = [ClaimKeys.from_reference(new_code()) for _ in range(5)]
    to = SealingKey.from_bytes(organisation.instance.claim_sealing_key)
    slots = [Slot(one.slot_id, one.seal_slot(new_code(), to)) for one in keys]
    with cast.shared():
        for first in (True, False):
            with claims.putting("an-order") as new:
                if new:
                    claims.put(slots)
            assert claims.take(keys[0].slot_id) is first
        assert ClaimSlot.select().count() == 4
        rows = [row.id for row in ClaimSlot.raw('select id from "claim_slot" order by rowid')]
        assert rows == sorted(rows)


def test_a_crash_in_the_middle_of_putting_leaves_nothing(cast, organisation):
    keys = ClaimKeys.from_reference(new_code())
    with cast.shared():
        with pytest.raises(ZeroDivisionError), claims.putting("an-order"):
            claims.put([Slot(keys.slot_id, bytes(1 // (n - 1))) for n in (3, 2, 1)])
        assert ClaimSlot.select().count() == 0
        with claims.putting("an-order") as new:
            assert new


def test_a_public_face_without_its_claim_key_does_not_start(organisation):
    path = organisation.instance.claim_key
    path.rename(path.with_suffix(".away"))
    with pytest.raises(MissingClaimKey):
        create_app(organisation.settings)
    create_app(organisation.settings.but(faces=("clearing",)))
    ClaimKeyPair.create(path)
    with pytest.raises(MissingClaimKey):
        create_app(organisation.settings)


def test_no_key_and_no_code_stands_in_any_file_or_log_whether_the_claim_fails_or_succeeds(
    app, organisation, pair, caplog, capfd
):
    """The files are encrypted; what is looked for is a byte that went past the encryption: a draft, a journal, a log line."""
    caplog.set_level(0)
    wrong = new_code()
    client = app.test_client()
    for key in (wrong, pair[0], pair[0], f"{pair[0]} and more"):
        enter(client, key)
    printed = capfd.readouterr()
    written = caplog.text + printed.out + printed.err
    for secret in (wrong, *pair):
        bare = secret.replace("-", "")
        spellings = (secret, bare, secret.upper(), bare.upper(), bare[:10], bare[::-1])
        assert not any(spelling in written for spelling in spellings)
        for path in organisation.instance.path.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert not any(spelling.encode() in content for spelling in spellings), path


def test_the_decrypted_shared_layer_holds_neither_key_nor_code(app, cast, pair):
    """Nor anything from which they could be told without a key."""
    client = app.test_client()
    enter(client, pair[0])
    with cast.shared():
        dump = ""
        for model in (ClaimSlot, GraceSlot, Envelope):
            dump += "".join(
                str(row) + str(bytes(row.get("ciphertext", b""))) for row in model.select().dicts()
            )
    for secret in pair:
        assert secret not in dump
        assert secret.replace("-", "") not in dump


def test_addresses_and_cookies_hold_no_key(app, pair):
    client = app.test_client()
    page = enter(client, pair[0])
    assert page.status_code == 200, "shown at once, without another address"
    cookies = [str(cookie.value) for cookie in client._cookies.values()]
    assert cookies
    assert not any(pair[0].replace("-", "")[:10] in value.replace("-", "") for value in cookies)
