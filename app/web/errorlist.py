"""What the error summary at the top of a page lists: every error of a form with the place to jump to."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import Field, FieldList, Form, FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.csrf.core import CSRFTokenField


@dataclass(frozen=True, slots=True)
class ListedError:
    """`target` is the id of the input to jump to; None where the error belongs to the whole form."""

    text: str
    target: str | None


def errors_of(form: Form) -> list[ListedError]:
    """All errors of `form` in the order of its fields, those of the form as a whole first."""
    whole = [ListedError(str(text), None) for text in form.form_errors]
    return whole + [error for field in form for error in _of_field(field)]


def _of_field(field: Field) -> Iterator[ListedError]:
    if isinstance(field, FormField):
        yield from errors_of(field.form)
    elif isinstance(field, FieldList):
        # Errors of the entries are listed by the entries; the list's own are plain strings.
        yield from (ListedError(str(text), field.id) for text in field.errors if isinstance(text, str))
        for entry in field.entries:
            yield from _of_field(entry)
    elif isinstance(field, CSRFTokenField):
        # Flask-WTF's own words, in English only, would tell nobody what to do.
        yield from (ListedError(_stale_page(), None) for _text in field.errors[:1])
    else:
        yield from (ListedError(str(text), _target(field)) for text in field.errors)


def _stale_page() -> str:
    return str(
        _(
            "This page had been open for too long, or your browser keeps no cookies. What you typed is still here; please press the button again."
        )
    )


def _target(field: Field) -> str | None:
    if isinstance(field, HiddenField):
        return None
    # A group of boxes: the cursor goes to the first of them.
    boxes = isinstance(field, SelectMultipleField) and hasattr(field.option_widget, "input_type")
    return f"{field.id}-0" if boxes or isinstance(field, RadioField) else str(field.id)
