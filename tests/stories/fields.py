"""Which fields take what somebody types, and which addresses take forms: asked of the program, so that a new one is missed by the tests at once."""

import pkgutil
from importlib import import_module

from flask import Flask
from werkzeug.exceptions import HTTPException
from wtforms import DateField, DecimalField, Form, HiddenField, IntegerField, SearchField, StringField
from wtforms.fields.core import UnboundField

TYPED = (StringField, IntegerField, DecimalField, DateField)
NOT_TYPED = (HiddenField, SearchField)


def form_modules(package):
    """Every module called forms in a package and in what it holds."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [import_module(one.name) for one in found if one.name.rpartition(".")[2] == "forms"]


def typed_fields(module):
    """Every field of words, numbers or days in a module's own forms, by the form's name."""
    forms = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Form) and one.__module__ == module.__name__
    ]
    return {
        (form.__name__, name)
        for form in forms
        for of in form.__mro__
        for name, field in vars(of).items()
        if isinstance(field, UnboundField)
        and issubclass(field.field_class, TYPED)
        and not issubclass(field.field_class, NOT_TYPED)
    }


def form_addresses(blueprint, prefix):
    """What tells the endpoint to which a form was sent, and every endpoint that takes one."""
    app = Flask("addresses")
    app.register_blueprint(blueprint, url_prefix=prefix)
    urls = app.url_map.bind("localhost")
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}

    def endpoint(path):
        try:
            return urls.match(path, method="POST")[0]
        except HTTPException:
            return ""

    return endpoint, endpoints
