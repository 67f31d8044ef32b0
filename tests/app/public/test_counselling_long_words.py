"""Words of a script whose signs take three or four times the room of a Latin letter: they show by their length no more than others do."""

import random
import zlib

import pytest

from app.clock import utc_now
from app.crossings import COVERED_BYTES
from app.envelopes import counselling
from app.envelopes.package import pack
from app.public.counselling.steps import LONGEST
from app.shared.models import Envelope
from compartments.counsel.cases.opened import Kind
from keys.visits import VisitKeys
from tests.app.public import counselled

NOW = utc_now()


def among(first, last):
    """Words of three signs of one script, in no order: worse to compress than any language."""
    luck = random.Random(7)
    words = [
        "".join(chr(luck.randrange(ord(first), ord(last))) for _sign in range(3)) for _word in range(2_000)
    ]
    return " ".join(luck.choices(words, k=LONGEST // 4))[:LONGEST]


SCRIPTS = {
    "latin": among("a", "z"),
    "cyrillic": among("а", "я"),
    "arabic": among("ا", "ي"),
    "chinese": among("一", "丿"),
    "signs": among("😀", "🙏"),
}


def lengths():
    return {len(bytes(one.ciphertext)) for one in Envelope.select().where(Envelope.recipient == "counsel")}


def read(office, code):
    with office.vault("conny"):
        case = office.desk("conny").open(VisitKeys.from_receipt(code).case, now=NOW)
        found = [one.data for one in case.entries(Kind.RECEIVED)]
        office.take_in()
    return found


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_however_somebody_writes_it_is_as_long_as_everything_else_and_arrives_whole(office, person, text):
    questions = {name: text[:2_000].strip() for name in ("since", "where", "who")}
    code = counselled.write_in(
        person, office, "conny", text=text, **{f"questions__{name}": said for name, said in questions.items()}
    )
    assert lengths() == {COVERED_BYTES}
    (first,) = read(office, code)
    assert first["text"] == text
    assert list(first["guided"].values()) == list(questions.values())
    counselled.come_back(person, code)
    person.fill({"text": text[::-1].strip()}).press("send")
    assert lengths() == {COVERED_BYTES}
    assert read(office, code)[-1]["text"] == text[::-1].strip()


def test_what_would_become_far_larger_is_no_letter():
    for bomb in (pack({"text": "x" * 5_000_000}), bytes(5_000_000)):
        with pytest.raises(ValueError, match="too much"):
            counselling._unpacked(zlib.compress(bomb), tuple)


@pytest.mark.parametrize(
    "broken",
    [b"\x78", b"\x78\x9cxyz", zlib.compress(pack({"text": "x"}))[:-3]],
    ids=["begun", "garbage", "cut off"],
)
def test_what_is_compressed_wrongly_is_no_letter(broken):
    with pytest.raises(ValueError):
        counselling._unpacked(broken, tuple)
