"""The demo's postings: the texts in ``postings/``, published some days ago through the board's own services."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from app.cli.demo.world import FOLDER, World, read_toml
from app.shared import posting_changes
from app.shared.posting_changes import PostingDraft
from app.shared.postings import PLUS

LANGUAGES = ("de", "en")


def publish_all(world: World, actor: str) -> None:
    """Create and publish every posting; ``actor`` is a board member's account."""
    files = (FOLDER / "postings").glob("*.toml")
    described = [(path, read_toml(f"postings/{path.name}")) for path in files]
    for path, content in sorted(described, key=lambda one: one[1]["order"]):
        _publish(world, path, content, actor)


def _publish(world: World, path: Path, content: dict[str, Any], actor: str) -> None:
    published = world.ago(content["published_ago"])
    deadline = world.day + timedelta(days=content["deadline_in"])
    first = world.day + timedelta(days=content.get("first_deadline_in", content["deadline_in"]))
    seats = content["seats"]
    draft = PostingDraft(
        compartment=content.get("compartment"),
        employed=content.get("employed", False),
        min_seats=seats["min"],
        max_seats=seats.get("max"),
        seats_wording=seats.get("wording", PLUS),
        filled_before=seats.get("filled", 0),
        deadline=first,
        term_months=content.get("term_months"),
        reports_to=content["de"]["reports_to"],
        texts={
            language: {name: text.strip() for name, text in content[language].items()}
            for language in LANGUAGES
        },
        requirements=[_asked(one) | {"evidence": one["evidence"]} for one in content.get("requirements", [])],
        questions=[_asked(one) for one in content.get("questions", [])],
    )
    posting = posting_changes.create(path.stem, draft)
    posting = posting_changes.publish(posting.slug, revision=posting.revision, day=published, actor=actor)
    if deadline != first:
        posting_changes.extend(
            posting.slug, deadline, revision=posting.revision, day=world.ago(2), actor=actor
        )


def _asked(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "texts": {language: one[language] for language in LANGUAGES},
        "required": one["required"],
    }
