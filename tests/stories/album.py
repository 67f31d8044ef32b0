"""What is looked at wherever a story stops: a picture at both widths, axe, nothing sticking out, nothing in the browser's console.

All pictures go to tests/output/stories/; the few that a story keeps go to the folder of the fixture `screenshots`, too: docs/screenshots at
`make screenshots`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SIZES = {"narrow": NARROW, "wide": WIDE}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = {"serious", "critical"}


@dataclass
class Album:
    """The pictures of one story, in the order in which they were taken."""

    folder: Path
    kept: Path
    axe: Axe = field(default_factory=Axe)
    stations: list[str] = field(default_factory=list)
    asked_at: tuple[str, ...] = ("narrow", "wide")
    """At which widths axe is asked. It takes a second each time, so a story told twice asks at one width each."""

    def look(self, page: Page, station: str, *, twin: Page | None = None) -> None:
        """Look at a page at both widths, once per story. axe is a script: for a page without any, it is asked of a `twin` that shows the same."""
        if station in self.stations:
            return
        self.stations.append(station)
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            picture = self.folder / f"{len(self.stations):02}-{station}-{width}.png"
            page.screenshot(path=picture, full_page=True, animations="disabled")
            sticking_out = page.evaluate("document.documentElement.scrollWidth") - size["width"]
            assert sticking_out <= 0, f"{station}: {sticking_out} px stick out at {size['width']} px"
            if width in self.asked_at:
                if twin:
                    twin.set_viewport_size(size)
                self._ask_axe(twin or page, f"{station} at {size['width']} px")

    def keep(self, page: Page, name: str, *widths: str) -> None:
        """Keep a picture of the page's beginning, as much of it as a screen shows."""
        for width in widths:
            page.set_viewport_size(SIZES[width])
            picture = self.kept / (f"{name}.png" if width == "wide" else f"{name}-{width}.png")
            page.screenshot(path=picture, animations="disabled")

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
