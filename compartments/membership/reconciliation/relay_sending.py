"""The job that mails one message to its member: once, again later where the server asks for it, and never twice for one decision."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from app import faultpoints
from app.clock import utc_now
from app.mail import message
from app.mail.server import ACCEPTED, REFUSED, Answer, MailServer, NoMailServer, Postman
from app.vault.jobs import Outside, Progress, Steps, Task
from compartments.membership.invitations import texts
from compartments.membership.invitations.sending import FIRST_WAIT, LONGEST_NAP
from compartments.membership.invitations.texts import Wording
from compartments.membership.reconciliation import relay_mails
from compartments.membership.reconciliation.relay_mails import Mail

KIND = "relay-mail"
PROGRAM = {
    texts.GERMAN: Wording(
        "Nachricht an Sie",
        """Guten Tag {name},

die Administration der Beteiligungsplattform hat uns eine Nachricht für Sie gegeben. Sie weiß nicht, wer Sie sind, und wir wissen nicht,
welches Konto Ihres ist. Wenn Sie antworten möchten, schreiben Sie an {contact}; wir geben Ihre Antwort ohne Ihren Namen weiter.
""",
    ),
    texts.ENGLISH: Wording(
        "A message for you",
        """Hello {name},

those who run the participation platform gave us a message for you. They don't know who you are, and we don't know which account is yours.
If you want to answer, write to {contact}; we pass your answer on without your name.
""",
    ),
}
"""What stands above the message, which is in the language that its writer chose."""


def send(task: Task) -> Steps:
    """Mail the message of the decision that ``task.subject`` names."""
    server = MailServer.of(task.settings)
    postman = Postman(server)
    wait = timedelta(seconds=float(task.parameters.get("first_wait", FIRST_WAIT)))
    try:
        relay_mails.recover(task.subject)
        yield Progress(0, 1)
        while (due := relay_mails.next_due(task.subject)) is not None:
            if (rest := (due - utc_now()).total_seconds()) > 0:
                yield Outside(partial(time.sleep, min(rest, LONGEST_NAP)))
                yield Progress(0, 1)
                continue
            mail = relay_mails.claim(task.subject)
            if mail is None:
                break
            faultpoints.reached("relay-mail.claimed")
            yield from _one(task, mail, server, postman, wait)
        yield Progress(1, 1)
    finally:
        postman.close()


def _one(task: Task, mail: Mail, server: MailServer, postman: Postman, wait: timedelta) -> Steps:
    try:
        recipient, text = message.deliverable(mail.address), _written(mail, server)
    except ValueError:
        relay_mails.note(mail.id, Answer(REFUSED, relay_mails.GONE), wait=wait, day=task.day, now=utc_now())
        return
    try:
        sender = message.bounce_address(server.sender, mail.token)
        answer: Answer = yield Outside(partial(postman.offer, sender, recipient))
    except NoMailServer:
        relay_mails.put_back(mail.id)
        raise
    if answer.outcome == ACCEPTED:
        if not relay_mails.begin_text(mail.id):
            return
        faultpoints.reached("relay-mail.before-text")
        answer = yield Outside(partial(postman.hand_over, text))
        faultpoints.reached("relay-mail.after-text")
    relay_mails.note(mail.id, answer, wait=wait, day=task.day, now=utc_now())
    faultpoints.reached("relay-mail.noted")


def _wording(language: str) -> Wording:
    if language == texts.BOTH:
        return texts.together(PROGRAM[texts.GERMAN], PROGRAM[texts.ENGLISH])
    return PROGRAM[language]


def _written(mail: Mail, server: MailServer) -> bytes:
    contact = texts.settings()[texts.CONTACT] or server.sender
    wording = _wording(texts.language_for(mail.language))
    above = wording.text.format(name=mail.name, contact=contact).rstrip()
    return message.compose(
        sender=server.sender,
        sender_name=server.sender_name,
        to=mail.address,
        subject=wording.subject,
        text=f"{above}{texts.RULER}{mail.text}\n",
        token=mail.token,
        now=utc_now(),
    )
