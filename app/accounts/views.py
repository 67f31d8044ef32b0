"""Pages of accounts. Importing this attaches all of them to the blueprint."""

from __future__ import annotations

from flask_babel import lazy_gettext

from app.accounts.blueprint import blueprint
from app.accounts.pages import account, enrolment, login, passkeys, second_factor
from app.office.blueprint import signed_in
from app.offices import OFFICES
from app.web.navigation import NavItem, add_nav

for office in OFFICES:
    add_nav(
        blueprint,
        office,
        NavItem(
            lazy_gettext("Your account"),
            ".account",
            order=90,
            section=(
                ".passphrase",
                ".change_passphrase",
                ".own_second_factor",
                ".set_own_second_factor",
                ".own_passkey",
                ".remove_passkey",
            ),
            visible=signed_in,
            more=True,
            before_admission=True,
        ),
    )

__all__ = ["account", "blueprint", "enrolment", "login", "passkeys", "second_factor"]
