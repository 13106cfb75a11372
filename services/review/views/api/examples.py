"""What a program may send to the desk, by the dataclass that reads it. The tests load each of them."""

from typing import Any

from services.review.cases.rules import Checks
from services.review.views import bodies, bodies_later, probe_form, report_form
from services.review.views.api.drafts import WRITTEN

EXAMPLES: dict[Any, dict[str, Any]] = {
    bodies_later.Written: {"text": "Where did you buy the red coat?", "asks": True},
    bodies_later.Answered: {"outcome": "removed", "message": "The alert has been cancelled, and the photo with it."},
    bodies_later.Compared: {"reason": "Both reports name the same passport."},
    bodies.LogIn: {"name": "Ada Moreau", "password": "four unusual quiet words", "code": "123456"},
    bodies.Code: {"code": "123456"},
    bodies.Hour: {"officer": "Jean Petit", "reason": "The child was seen in his region tonight."},
    bodies.Transfer: {"region": "FR-BRE", "reason": "The family lives there."},
    bodies.Return: {"reason": "The face is too dark to be compared.", "message": "Please send another photo."},
    bodies.Reason: {"reason": "Spoken with the mother: there is no news."},
    bodies.Close: {"reason": "located", "outcome_text": "Your child is safe."},
    bodies.Decision: {
        "outcome": "rejected", "reason": "features", "note": "The ears differ.", "features": {"ears": "different"},
        "revision": 1,
    },
    bodies.Judgement: {"outcome": "inconclusive", "features": {"eyes": "similar", "ears": "unseen"}, "revision": 0},
    bodies.FollowUp: {"choices": ["liaison", "draft"], "liaison": "01jd3w5q8k2m4n6p8r0t2v4x6z"},
    bodies.Face: {"face": [0.52, 0.31]},
    bodies.Marks: {"faces": [[0.52, 0.31]], "age": 9},
    bodies.View: {"name": "Waiting in Paris", "state": "waiting", "region": "FR-75C", "order": "longest"},
    bodies.OnCallEntry: {"name": "Night duty", "address": "night@example.org", "region": "FR"},
    bodies.Approval: {"revision": 3, "word": "publish"},
    bodies.Extension: {"hours": 24},
    bodies.Invitation: {"name": "Jean Petit", "roles": ["intake_officer"], "regions": ["FR-BRE"]},
    bodies.RightsWanted: {"roles": ["reviewer"], "regions": ["FR-BRE"]},
    bodies.Confirmation: {"grant": "01jd3w5q8k2m4n6p8r0t2v4x6z"},
    bodies.Refusal: {"grant": "01jd3w5q8k2m4n6p8r0t2v4x6z", "reason": "Not yet trained."},
    bodies.NewPassword: {"old": "four unusual quiet words", "new": "five other words nobody says"},
    bodies.NewToken: {"token_name": "export to the register", "scopes": ["cases.read"], "days": 90},
    Checks: {"police_reference": "PV 2026/17", "identity_verified": True, "legal_basis": "Police act, section 1"},
    report_form.WrittenReport: {
        "how": "telephone", "child_name": "Lina Muster", "born": "2016-05-03", "sex": "female",
        "seen_at": "2026-11-24T15:30:00+01:00", "place": "Gare de Lyon", "lat": 48.8443, "lon": 2.3743,
        "reporter_name": "Ada Muster", "relation": "mother", "phone": "+33 1 00 00 00 00",
    },
    probe_form.SentProbe: {
        "purpose": "Found alone, does not speak", "reference": "ASE 2026/4", "place": "Lyon", "region": "FR-ARA",
        "age": 9,
    },
    WRITTEN: {
        "texts": [
            {
                "language": "en", "headline": "Missing child: Lina, 10", "description": "Last seen at Gare de Lyon.",
                "instruction": "Call 116 000.", "area_desc": "Île-de-France",
            }
        ],
        "contact": "116 000", "radius_km": 100, "regions": ["FR-IDF"], "expires": "2026-11-26T15:30:00+01:00",
    },
}  # fmt: skip
