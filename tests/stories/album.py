"""What is looked at wherever a story stops: a picture at both widths, axe, nothing sticking out, nothing in the browser's console.

All pictures go to tests/output/stories/<language>/; those that a story wants to keep go to the folder of the fixture `screenshots`, too
(docs/screenshots at `make screenshots`).
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = {"serious", "critical"}


@dataclass
class Album:
    """The pictures of one story, in the order in which they were taken."""

    folder: Path
    kept: Path
    axe: Axe = field(default_factory=Axe)
    stations: list[str] = field(default_factory=list)

    def look(self, page: Page, station: str, keep: tuple[str, ...] = (), *, whole: bool = True) -> None:
        """Look at a page at both widths, once per story. `keep` names the widths ("wide", "narrow") of which the picture is kept."""
        if station in self.stations:
            return
        self.stations.append(station)
        for width, size in (("narrow", NARROW), ("wide", WIDE)):
            page.set_viewport_size(size)
            name = f"{len(self.stations):02}-{station}-{width}.png"
            page.screenshot(path=self.folder / name, full_page=whole, animations="disabled")
            if width in keep:
                shutil.copy(self.folder / name, self.kept / f"{station}-{width}.png")
            sticking_out = page.evaluate("document.documentElement.scrollWidth") - size["width"]
            assert sticking_out <= 0, f"{station}: {sticking_out} px stick out at {size['width']} px"
            self._ask_axe(page, f"{station} at {size['width']} px")

    def _ask_axe(self, page: Page, where: str) -> None:
        violations = self.axe.run(page, options={"runOnly": RULES}).response["violations"]
        found = [
            (rule["id"], node["html"], node.get("failureSummary"))
            for rule in violations
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]
        assert not found, f"{where}: {found}"


def listen(context: BrowserContext, home: str) -> list[str]:
    """Return a list into which goes whatever is wrong in this browser: errors, what the policy stopped, requests to elsewhere."""
    complaints: list[str] = []

    def heard(message) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"console: {message.text}")

    def asked(request) -> None:
        if not request.url.startswith((f"{home}/", "data:")):
            complaints.append(f"a request to {request.url}")

    def answered(response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} for {response.request.method} {response.url}")

    context.on("console", heard)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    context.on("request", asked)
    context.on("response", answered)
    return complaints
