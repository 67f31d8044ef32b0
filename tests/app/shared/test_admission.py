"""Admission: made by an officer of the same compartment, to the very keys that signed, once."""

import threading
from datetime import timedelta

import pytest

from app.clock import today
from app.shared import acts, admission, assignments
from app.shared.admission import AdmissionRefused, AlreadyAdmitted, NotWaiting, NotYetInOffice
from app.shared.commitments import CommitmentNotSigned
from app.shared.models import Account, Act, Assignment, Commitment, CommitmentText, Grant
from keys.identity import KeyPairs
from tests.cast import appointment, enrol

DAY = today()


def candidate(cast, compartment="membership", name="mona", **more):
    """Somebody who has enrolled and waits. Call it where the shared layer is bound."""
    return enrol(appointment(compartment, **more), name, cast.organisation.settings, compartment=compartment)


def without_trigger(cast, name):
    """What somebody can do who writes to the shared layer's file itself."""
    cast.app.extensions["schotten"].shared.database.execute_sql(f"drop trigger {name}")


def test_a_candidate_is_listed_with_the_fingerprint_of_their_own_keys(cast):
    with cast.shared():
        member = candidate(cast)
        (listed,) = admission.candidates("membership")
        assert (listed.account, listed.signed_name, listed.signed) == (member.account_id, "mona", True)
        assert listed.fingerprint == member.keys.public.fingerprint()
        assert admission.candidates("clearing") == []


def test_whoever_is_admitted_opens_the_vault_with_their_own_keys(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)
    member.app, cast["mona"] = cast.app, member
    with cast.vault("mona"):
        account = Account.get_by_id(member.account_id)
        assert (account.state, account.assignment.state) == ("active", "active")
        last = Act.select().order_by(Act.number.desc()).get()
        assert (last.act, last.actor) == (acts.Kind.ADMITTED, cast["membership"].account_id)


def test_nobody_admits_into_another_compartment(cast):
    with cast.vault("desk"):
        member = candidate(cast)
        with pytest.raises(NotWaiting):
            admission.admit(member.account_id, by=cast["desk"].session(), day=DAY)
        assert Grant.select().where(Grant.account == member.account_id).count() == 0


def test_the_board_can_appoint_but_not_admit(cast):
    with cast.vault("board"):
        member = candidate(cast)
        with pytest.raises(AdmissionRefused):
            admission.admit(member.account_id, by=cast["board"].session(), day=DAY)


def test_admission_needs_the_compartments_own_vault_open(cast):
    with cast.vault("board"):
        member = candidate(cast)
        with pytest.raises(AdmissionRefused):
            admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)


def test_a_junior_admits_nobody(cast):
    with cast.vault("junior"):
        member = candidate(cast, "administration")
        with pytest.raises(AdmissionRefused):
            admission.admit(member.account_id, by=cast["junior"].session(), day=DAY)


def test_who_waits_admits_nobody_not_even_themselves(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        member.app = cast.app
        with pytest.raises(AdmissionRefused):
            admission.admit(member.account_id, by=member.session(), day=DAY)


def test_a_second_admission_is_answered_kindly_and_changes_nothing(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        by = cast["membership"].session()
        admission.admit(member.account_id, by=by, day=DAY)
        with pytest.raises(AlreadyAdmitted):
            admission.admit(member.account_id, by=by, day=DAY)
        assert Grant.select().where(Grant.account == member.account_id).count() == 1


def test_an_ended_candidate_is_not_admitted(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        assignments.end(Account.get_by_id(member.account_id).assignment_id, day=DAY)
        with pytest.raises(NotWaiting):
            admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)


def test_nobody_is_admitted_before_the_term_begins_or_after_it_is_over(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        by = cast["membership"].session()
        assignment = Account.get_by_id(member.account_id).assignment_id
        Assignment.update(starts_on=DAY + timedelta(days=1)).where(Assignment.id == assignment).execute()
        with pytest.raises(NotYetInOffice):
            admission.admit(member.account_id, by=by, day=DAY)
        Assignment.update(starts_on=DAY, ends_on=DAY).where(Assignment.id == assignment).execute()
        with pytest.raises(NotWaiting):
            admission.admit(member.account_id, by=by, day=DAY + timedelta(days=1))


def test_exchanged_public_keys_are_not_admitted(cast):
    """Whoever writes to the shared layer puts keys of their own in the candidate's place: the signature isn't theirs."""
    with cast.vault("membership"):
        member = candidate(cast)
        without_trigger(cast, "account_keeps_its_place")
        mine = KeyPairs.generate().public.to_bytes()
        Account.update(public_keys=mine).where(Account.id == member.account_id).execute()
        assert not admission.candidates("membership")[0].signed
        with pytest.raises(CommitmentNotSigned):
            admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)


def test_a_changed_commitment_is_not_admitted(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        without_trigger(cast, "commitment_is_not_edited")
        Commitment.update(signed_name="Somebody Else").where(
            Commitment.assignment == Account.get_by_id(member.account_id).assignment_id
        ).execute()
        with pytest.raises(CommitmentNotSigned):
            admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)


def test_a_text_that_was_not_in_force_on_the_day_of_signing_does_not_count(cast):
    with cast.vault("membership"):
        member = candidate(cast)
        CommitmentText.create(version=2, texts={"de": "Strenger."}, in_force_from=DAY)
        with pytest.raises(CommitmentNotSigned):
            admission.admit(member.account_id, by=cast["membership"].session(), day=DAY)


@pytest.mark.slow
def test_two_officers_admitting_at_once_make_one_grant(cast):
    with cast.vault("membership"):
        second = candidate(cast, name="mona")
        admission.admit(second.account_id, by=cast["membership"].session(), day=DAY)
        waiting = candidate(cast, name="max")
    second.app, cast["mona"] = cast.app, second
    outcomes, together = [], threading.Barrier(2)

    def try_it(name):
        with cast.vault(name):
            by = cast[name].session()
            together.wait()
            try:
                admission.admit(waiting.account_id, by=by, day=DAY)
                outcomes.append("admitted")
            except AlreadyAdmitted:
                outcomes.append("already")
        cast.app.extensions["schotten"].shared.close()

    threads = [threading.Thread(target=try_it, args=(name,)) for name in ("membership", "mona")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["admitted", "already"]
    with cast.shared():
        assert Grant.select().where(Grant.account == waiting.account_id).count() == 1
