"""Forms of the reconciliation: the ones that every page with a reason or a button has."""

from app.office.forms import Confirmation
from compartments.clearing.keysets.forms import ReasonForm

__all__ = ["Confirmation", "ReasonForm"]
