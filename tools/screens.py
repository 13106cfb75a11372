"""Makes docs/screens.md out of the pictures that the browser tests took: `make test`, then this command.

Each page once on a desktop; beside some of them the phone, in Chinese, or the dark scheme.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
TAKEN = ROOT / ".cache" / "screenshots"
SHOWN = ROOT / "docs" / "images" / "screens"
PAGE = ROOT / "docs" / "screens.md"
WIDTHS = {"1280": 800, "390": 300}
"""Pixels of a picture in the documentation, by the screen it was taken on."""
LONGEST = 2400
"""Pixels: what is longer is cut off below."""

ROOMS: dict[str, dict[str, str]] = {
    "Families and witnesses": {
        "report-start-en-390": "In danger now? Call first; then five short steps",
        "report-code-en-390": "What was written is saved under a code",
        "report-child-zh-1280": "The child, in Chinese, in the dark scheme",
        "report-last-seen-en-390": "Where and when, with a map of our own",
        "report-photos-en-390": "Photos, and which face is the child's",
        "report-review-en-390": "Everything once more before it is sent",
        "report-sent-en-390": "Sent, and what happens next",
        "ingest-case-en-390": "How a report stands: the code is posted",
        "family-status-zh-390": "The status page, with what officers asked and the family answered",
        "ingest-later-add-en-390": "Adding photos or facts later",
        "family-withdraw-zh-390": "Asking to withdraw, and what that ends",
        "ingest-sighting-en-390": "A sighting",
        "ingest-removal-en-390": "This is me, or my child: please take it away",
    },
    "The police desk: getting in": {
        "review-login-en-1280": "Logging in",
        "review-invitation-accept-1280": "Accepting an invitation",
        "review-setup-1280": "A second factor",
        "review-recovery-1280": "Recovery codes",
        "review-stepup-1280": "A decision asks again who you are",
        "review-account-en-1280": "One's own account",
        "review-token-en-1280": "A token for a program",
        "review-people-en-1280": "People, for administrators",
        "review-grants-1280": "Rights that wait for a second person",
    },
    "The police desk: cases": {
        "review-cases-en-1280": "The queue of cases",
        "review-case-en-1280": "A case",
        "review-cases-zh-390": "The queue on a phone, in Chinese",
        "desk-letters-en-1280": "Letters of the family",
        "review-access-en-1280": "Who may see a case, and an hour's access",
        "review-sightings-en-1280": "Sightings",
        "review-faces-marked-en-1280": "Which faces are compared",
    },
    "The police desk: candidates": {
        "candidate-first-en-1280": "First the faces alone",
        "candidate-second-en-1280": "Then the matcher's figures, and the decision",
        "candidate-first-zh-dark-1280": "The same in Chinese, in the dark scheme",
        "candidate-settling-1280": "Where two differ, a supervisor settles it",
        "candidate-decided-1280": "Decided, and what follows",
        "probe-new-1280": "A child in care whose name nobody knows",
        "probe-found-1280": "What was found",
    },
    "The police desk: alerts": {
        "review-alert-compose-en-1280": "The composer",
        "review-alert-preview-page-en-1280": "Preview as the page",
        "review-alert-preview-phone-en-1280": "Preview on a phone",
        "review-alert-preview-cap-en-1280": "Preview as CAP",
        "review-alert-approve-en-1280": "Approval by somebody who wrote none of it",
        "review-alert-approve-amended-en-1280": "What an amendment changes",
        "review-alert-ask-cancel-en-1280": "A cancellation says what it does",
    },
    "The police desk: the record": {
        "review-audit-en-1280": "The record",
        "review-audit-tampered-1280": "A tampered row is found",
        "review-insight-en-1280": "The desk's work in numbers",
    },
    "Alerts": {
        "alerts-home-en-1280": "Alerts now",
        "alerts-live-en-1280": "An alert's page",
        "alerts-live-zh-390": "The same on a phone, in Chinese",
        "alerts-ended-en-1280": "An alert that has ended names nobody",
    },
}


def main() -> int:
    missing = [name for pages in ROOMS.values() for name in pages if not (TAKEN / f"{name}.png").exists()]
    if missing:
        print(f"These pictures were not taken: {', '.join(missing)}. Run `make test` first.", file=sys.stderr)
        return 1
    SHOWN.mkdir(parents=True, exist_ok=True)
    for old in SHOWN.glob("*.webp"):
        old.unlink()
    for pages in ROOMS.values():
        for name in pages:
            _shrink(name)
    PAGE.write_text(_page())
    return 0


def _shrink(name: str) -> None:
    with Image.open(TAKEN / f"{name}.png") as picture:
        width = WIDTHS[name.rpartition("-")[2]]
        whole = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, LONGEST)))
        whole.resize((width, round(whole.height * width / whole.width))).save(SHOWN / f"{name}.webp", quality=70)


def _page() -> str:
    lines = [
        "# Every page",
        "",
        "Taken by the browser tests, which also let axe-core look at each. All of it is an exercise;",
        "the portraits' credits are in [CREDITS.md](../tests/data/portraits/CREDITS.md).",
        "",
    ]
    for room, pages in ROOMS.items():
        lines += [f"## {room}", ""]
        for name, title in pages.items():
            lines += [f"**{title}**", "", f"![{title}](images/screens/{name}.webp)", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
