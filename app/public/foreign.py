"""What another website sends in a visitor's name is no form of ours.

It could bring a seed that its maker knows (:mod:`app.public.basket`), with which the receipt code could be worked out of whatever the visitor
then writes into the page that answers. The token can't keep that away: a page whose token is too old keeps what was typed, the seed with it.
"""

from __future__ import annotations

from flask import abort, request

FOREIGN = frozenset({"cross-site", "same-site"})
"""As browsers say it (Fetch Metadata, W3C): another site's page has sent it, or another host's of the same."""


def refuse_foreign_forms() -> None:
    """Refuse what a page that isn't ours has sent. Browsers that don't tell are let through, as are those without any page."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in FOREIGN:
        abort(400)
