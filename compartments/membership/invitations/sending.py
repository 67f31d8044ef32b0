"""The job that sends a run's mails: throttled, again later where the server asks for it, and never twice for one decision.

Before the text of a mail begins, that it may be on its way is written down; after the answer, what became of it. Wherever the process
dies in between, the next one finds out what it can, and leaves open what nobody can know.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from app import faultpoints
from app.clock import utc_now
from app.mail import message
from app.mail.server import ACCEPTED, LATER, REFUSED, UNKNOWN, Answer, MailServer, NoMailServer, Postman
from app.vault.jobs import Outside, Progress, Steps, Task
from compartments.membership.invitations import runs, texts
from compartments.membership.invitations.runs import Mail

KIND = "invitation-run"
REFUSED_IN_A_ROW = 10
FIRST_WAIT = 60.0
LONGEST_NAP = 1.0


class EverybodyRefused(NoMailServer):
    """So many addresses one after the other can't all be wrong: the server doesn't want our mail."""


def send_run(task: Task) -> Steps:
    """Send what is left of the run that ``task.subject`` names."""
    server = MailServer.of(task.settings)
    postman = Postman(server)
    try:
        runs.recover(task.subject, day=task.day)
        yield _progress(task)
        yield from _Sending(task, server, postman).all()
    finally:
        postman.close()


class _Sending:
    """One stretch of a run's sending."""

    def __init__(self, task: Task, server: MailServer, postman: Postman) -> None:
        self.task = task
        self.server = server
        self.postman = postman
        run = runs.find(task.subject)
        self.pause = 60 / run.per_minute
        self.first_wait = timedelta(seconds=float(task.parameters.get("first_wait", FIRST_WAIT)))
        self.refused_in_a_row = 0

    def all(self) -> Steps:
        """Mail after mail, until none is left."""
        run_id = self.task.subject
        while (due := runs.next_due(run_id)) is not None:
            now = utc_now()
            if due > now:
                yield Outside(partial(_nap, (due - now).total_seconds()))
                yield _progress(self.task)
                continue
            mail = runs.claim(run_id, day=self.task.day, now=now)
            if mail is None:
                continue
            faultpoints.reached("mail.claimed")
            began = time.monotonic()
            yield from self._one(mail)
            yield _progress(self.task)
            while (rest := began + self.pause - time.monotonic()) > 0:
                yield Outside(partial(_nap, rest))
                yield _progress(self.task)

    def _one(self, mail: Mail) -> Steps:
        try:
            text = self._written(mail)
            recipient = message.deliverable(mail.address)
        except ValueError:
            runs.note_refused(mail.invitation, "address", day=self.task.day)
            return
        sender = message.bounce_address(self.server.sender, mail.token)
        try:
            answer: Answer = yield Outside(partial(self.postman.offer, sender, recipient))
        except NoMailServer:
            runs.put_back(mail.invitation)
            raise
        faultpoints.reached("mail.offered")
        if answer.outcome == ACCEPTED:
            if not runs.begin_text(mail.invitation):
                return
            faultpoints.reached("mail.before-text")
            answer = yield Outside(partial(_hand_over, self.postman, text))
            faultpoints.reached("mail.after-text")
        self._note(mail, answer)
        faultpoints.reached("mail.noted")

    def _note(self, mail: Mail, answer: Answer) -> None:
        day = self.task.day
        self.refused_in_a_row = self.refused_in_a_row + 1 if answer.outcome == REFUSED else 0
        if answer.outcome == REFUSED and self.refused_in_a_row >= REFUSED_IN_A_ROW:
            runs.note_later(mail.invitation, answer.code, wait=self.first_wait, day=day, now=utc_now())
            raise EverybodyRefused(answer.code)
        if answer.outcome == ACCEPTED:
            runs.note_sent(mail.invitation, answer.code, day=day)
        elif answer.outcome == UNKNOWN:
            runs.note_unclear(mail.invitation, day=day)
        elif answer.outcome == REFUSED:
            runs.note_refused(mail.invitation, answer.code, day=day)
        elif answer.outcome == LATER:
            runs.note_later(mail.invitation, answer.code, wait=self.first_wait, day=day, now=utc_now())

    def _written(self, mail: Mail) -> bytes:
        wording = texts.filled(texts.language_for(mail.language), name=mail.name, key=mail.key)
        return message.compose(
            sender=self.server.sender,
            sender_name=self.server.sender_name,
            to=mail.address,
            subject=wording.subject,
            text=wording.text,
            token=mail.token,
            now=utc_now(),
        )


def _hand_over(postman: Postman, text: bytes) -> Answer:
    """Outside of any vault. The points are where a test kills the process in the middle."""
    faultpoints.reached("mail.text-begins")
    answer = postman.hand_over(text)
    faultpoints.reached("mail.text-sent")
    return answer


def _progress(task: Task) -> Progress:
    known = runs.figures(task.subject)
    total = sum(known.values())
    return Progress(total - runs.left(task.subject), total)


def _nap(seconds: float) -> None:
    time.sleep(min(max(seconds, 0.0), LONGEST_NAP))
