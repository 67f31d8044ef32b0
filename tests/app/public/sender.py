"""Run by the tests in a process of its own, to be killed: adds a large file to a form, and sends an application with it.

python -m tests.app.public.sender <instance> <seed> add|send [what the form carries of the file]
"""

import sys
from datetime import timedelta
from pathlib import Path

from app.clock import day_of, utc_now
from app.config import Settings
from app.factory import create_app
from app.public import sending
from app.public.basket import Basket
from app.shared import drafts
from keys.mailbox import MailboxKeys

SIZE = 300_000
CONTENT = b"%PDF-1.7\n" + b"Zeugnis " * (SIZE // 8) + b"%%EOF"


def add(basket: Basket) -> None:
    basket.drafts.append(
        drafts.add(
            [CONTENT],
            name="Zeugnis.pdf",
            media_type="application/pdf",
            purpose="",
            key=basket.key,
            now=utc_now(),
            valid_for=timedelta(hours=4),
        )
    )


def send(basket: Basket, keys: MailboxKeys, board) -> None:
    now = utc_now()
    texts = ("name", "email", "phone", "pronouns", "motivation", "experience", "availability")
    application = sending.Application(
        language="de",
        postings=["counsellors"],
        answers=[],
        evidence=[],
        consent={"text": "Ja", "day": day_of(now).isoformat()},
        separation_confirmed=True,
        files=[{"name": one.name, "size": one.size} for one in basket],
        **dict.fromkeys(texts, "Kim"),
    )
    retention = timedelta(days=90)
    sending.send(
        application,
        keys,
        basket=basket,
        board=board,
        wished=[],
        retention=retention,
        day=day_of(now),
        now=now,
    )


def main(folder: str, seed: str, what: str, *carried: str) -> None:
    state = create_app(Settings(instance=Path(folder), https=False), ["public"]).extensions["schotten"]
    basket = Basket(seed, carried)
    with state.shared.bound():
        if what == "add":
            add(basket)
        else:
            send(basket, keys_of(basket), state.pinned("board"))


def keys_of(basket: Basket) -> MailboxKeys:
    """Those of a receipt that follows from the form, as in a walk."""
    from keys.codes import derive_code

    return MailboxKeys.from_receipt(derive_code(basket.secret, info=b"sender"))


if __name__ == "__main__":
    main(*sys.argv[1:])
