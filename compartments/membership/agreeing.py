"""Numbers that decide when a second officer is needed are changed by two officers, too: or one would change them first, and then act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.proposals import ProposalKind
from app.vault import proposals
from app.vault.models import Proposal

ABOUT = "rules"


@dataclass(frozen=True)
class Numbers:
    """Some numbers of the office: what each is called, how they are read and kept, and the endpoint of their page."""

    kind: str
    names: Mapping[str, LazyString]
    read: Callable[[], dict[str, int]]
    save: Callable[[Mapping[str, int]], None]
    endpoint: str

    def present(self) -> dict[str, int]:
        """Return what is agreed on now."""
        return {name: number for name, number in self.read().items() if name in self.names}

    def propose(self, wanted: Mapping[str, int]) -> Proposal:
        """Propose others to a second officer; return the proposal, or the one that is open already."""
        present = self.present()
        subject = {"numbers": {name: wanted[name] for name in self.names}, "instead_of": present}
        summary = ", ".join(
            f"{present[name]} → {wanted[name]}" for name in self.names if present[name] != wanted[name]
        )
        try:
            made = proposals.propose(self.kind, subject, summary, about=ABOUT, by=author(), now=utc_now())
            flash(_("Proposed. It is done as soon as a colleague confirms it."), "success")
        except proposals.AlreadyProposed as known:
            made = known.proposal
            flash(_("This is proposed already."), "info")
        return made

    def proposal_kind(self, label: LazyString) -> ProposalKind:
        """Return the kind of such proposals."""
        return ProposalKind(self.kind, label, self._carry_out, self._explain)

    def _carry_out(self, proposal: Proposal, _by: Author) -> str:
        subject = proposals.subject_of(proposal)
        if self.present() != subject["instead_of"]:
            raise proposals.Stale(_("Other numbers have been agreed on meanwhile."))
        self.save(subject["numbers"])
        return url_for(self.endpoint)

    def _explain(self, proposal: Proposal) -> list[tuple[str, str]]:
        subject: dict[str, Any] = proposals.subject_of(proposal)
        return [
            (str(label), f"{subject['instead_of'][name]} → {subject['numbers'][name]}")
            for name, label in self.names.items()
        ]
