"""Somebody who writes to the counsellors, page by page, as a browser without JavaScript does."""

from tests.app.public.applicant import Applicant

TEXT = "Seit dem Treffen im Mai traue ich mich nicht mehr hin."


def begin(person: Applicant) -> Applicant:
    """Open the first page of the form."""
    person.see("/counselling")
    return person.press("start", form=0)


def walk(person: Applicant, office, *names: str, never=(), text=TEXT, files=None, **more) -> Applicant:
    """Walk to the last page; ``more`` are fields of any page, with two underscores for the dash."""
    fields = {
        "readers-readers": [office[name].account_id for name in names],
        "never-never": [office[name].account_id for name in never],
        "words-text": text,
        **{name.replace("__", "-", 1): value for name, value in more.items()},
    }
    begin(person)
    for _page in range(9):
        if person.heading == "Check before you send":
            return person
        shown = {name: value for name, value in fields.items() if f'name="{name}"' in person.page}
        if files and person.heading.startswith("Files"):
            person.fill(shown).press("next", files={"files-files": files})
        else:
            person.fill(shown).press("next")
    raise AssertionError(f"did not get past {person.heading!r}: {person.page}")


def write_in(person: Applicant, office, *names: str, **more) -> str:
    """Send it; return the receipt code."""
    walk(person, office, *names, **more).press("send")
    assert person.heading == "It is sent", person.page
    return person.code


def come_back(person: Applicant, code: str) -> Applicant:
    """Open the conversation."""
    person.see("/counselling")
    person.press("start", form=1)
    return person.fill({"code": code}).press("open")
