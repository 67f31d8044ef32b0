"""An applicant as the board meets one: somebody with a receipt code who sends sealed letters and reads the mailbox."""

from datetime import date, timedelta

from app.clock import today
from app.envelopes.directory import PinnedKeys
from app.envelopes.letter import File
from app.envelopes.mailbox_letters import sign
from app.envelopes.posting import open_mailbox, post_from_public
from app.shared import mailboxes
from keys.codes import new_code
from keys.identity import PublicKeys
from keys.mailbox import MailboxKeys
from keys.randomness import new_id

PDF = File("Lebenslauf.pdf", "application/pdf", b"%PDF-1.7 canary-in-a-file")


class Applicant:
    """Call its methods where the shared layer is bound."""

    def __init__(self, cast, name="Amira Sander", email="amira@example.org"):
        self.name, self.email = name, email
        self.receipt = new_code()
        self.keys = MailboxKeys.from_receipt(self.receipt)
        root = cast.organisation.instance.roots["board"]
        self.board = PinnedKeys("board", 1, PublicKeys.from_bytes(root))

    def body(self, *postings, **changes):
        """What an application says; `changes` replace fields."""
        return {
            "mailbox": self.keys.id,
            "sealing_key": self.keys.sealing.public.to_bytes().hex(),
            "signing_key": self.keys.signing.public.to_bytes().hex(),
            "language": "de",
            "day": today().isoformat(),
            "postings": list(postings),
            "name": self.name,
            "email": self.email,
            "phone": "",
            "pronouns": "",
            "motivation": "Ich möchte helfen.",
            "experience": "",
            "availability": "abends",
            "answers": [
                {"posting": postings[0], "question": "q1", "asked": "Warum?", "text": "Darum."},
            ],
            "evidence": [
                {"posting": postings[0], "requirement": "r1", "asked": "Nachweis", "text": "", "files": [0]},
            ],
            "consent": {"text": "Ich stimme zu.", "day": today().isoformat()},
            "separation_confirmed": True,
            "erase_on": (today() + timedelta(days=400)).isoformat(),
            **changes,
        }

    def apply(self, *postings, files=(PDF,), envelope=None, **changes) -> None:
        open_mailbox(self.keys, date(2030, 1, 1))
        self.post("application", self.body(*postings, **changes), files, envelope or self.keys.envelope_id)

    def post(self, kind, body, files=(), envelope=None) -> None:
        post_from_public(kind, self.board, envelope or new_id(), body, files, day=today())

    def send(self, kind, files=(), *, keys=None, **fields) -> None:
        """Sign and send what follows an application; with other `keys` the signature is a forgery."""
        envelope = new_id()
        body = sign(kind, envelope, {"day": today().isoformat(), **fields}, keys or self.keys, files)
        self.post(kind, {**body, "mailbox": self.keys.id}, files, envelope)

    def write(self, text, files=(), **more) -> None:
        self.send("application-message", files, text=text, **more)

    def answer(self, offer, *, accepted, **more) -> None:
        self.send("application-reply", offer=offer, accepted=accepted, **more)

    def withdraw(self, **more) -> None:
        self.send("application-withdrawal", **more)

    def mail(self) -> list[dict]:
        """What the mailbox holds, opened."""
        return [dict(one.content) for one in mailboxes.messages(self.keys)]

    def offer(self) -> dict:
        (offer,) = [one for one in self.mail() if one["kind"] == "offer"]
        return offer
