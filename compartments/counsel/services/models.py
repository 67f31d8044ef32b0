"""Tables of this part."""

from __future__ import annotations

from compartments.counsel.tables import CounselModel

MODELS: tuple[type[CounselModel], ...] = ()
