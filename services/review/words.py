"""What each state, act, band and refusal is called, in the reader's language."""

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from services.review.candidates.models import Search

Words = dict[str, LazyString]

CASE_STATES: Words = {
    "submitted": lazy_gettext("new"),
    "in_verification": lazy_gettext("in verification"),
    "returned": lazy_gettext("with the family"),
    "registered": lazy_gettext("registered"),
    "rejected": lazy_gettext("rejected"),
    "merged": lazy_gettext("merged"),
    "withdrawn": lazy_gettext("withdrawn"),
    "closed": lazy_gettext("closed"),
    "erased": lazy_gettext("erased"),
}

CANDIDATE_STATES: Words = {
    "pending": lazy_gettext("undecided"),
    "half_decided": lazy_gettext("one of two has decided"),
    "disputed": lazy_gettext("two officers differ"),
    "confirmed": lazy_gettext("confirmed"),
    "rejected": lazy_gettext("rejected"),
    "inconclusive": lazy_gettext("inconclusive"),
}

DRAFT_STATES: Words = {
    "draft": lazy_gettext("being written"),
    "pending": lazy_gettext("waiting for approval"),
    "returned": lazy_gettext("returned to its writers"),
    "rejected": lazy_gettext("rejected"),
    "live": lazy_gettext("live"),
    "amended": lazy_gettext("replaced by an amendment"),
    "cancelled": lazy_gettext("cancelled"),
    "expired": lazy_gettext("expired"),
}

NO_REGION = lazy_gettext("in no region, perhaps at sea")

KINDS = {
    "submitted": "attention", "in_verification": "wait", "returned": "plain", "registered": "good",
    "pending": "attention", "half_decided": "attention", "disputed": "danger", "confirmed": "good",
    "inconclusive": "plain", "draft": "wait", "live": "good",
}  # fmt: skip
"""How a state's badge looks (`bits.html`); every other state has ended."""

BANDS: Words = {
    "very_strong": lazy_gettext("very strong resemblance"),
    "strong": lazy_gettext("strong resemblance"),
    "moderate": lazy_gettext("moderate resemblance"),
    "weak": lazy_gettext("weak resemblance"),
}

OUTCOMES: Words = {
    "confirmed": lazy_gettext("It is this child"),
    "rejected": lazy_gettext("It is not this child"),
    "inconclusive": lazy_gettext("It cannot be told"),
}

REJECTIONS: Words = {
    "features": lazy_gettext("The features differ"),
    "age": lazy_gettext("The ages cannot fit"),
    "elsewhere": lazy_gettext("Place and time cannot fit"),
    "known": lazy_gettext("It is another child, who is known"),
    "other": lazy_gettext("Another reason, written below"),
}
"""Why a sighted child is not the missing one."""

FEATURES: Words = {
    "ears": lazy_gettext("Ears"),
    "scars_marks": lazy_gettext("Scars, moles and marks"),
    "eyes": lazy_gettext("Eyes"),
    "eyebrows": lazy_gettext("Eyebrows"),
    "hairline": lazy_gettext("Hairline and forehead"),
    "mouth": lazy_gettext("Mouth and philtrum"),
    "nose": lazy_gettext("Nose"),
    "chin_jaw": lazy_gettext("Chin and jawline"),
    "face_shape": lazy_gettext("Shape of the face"),
    "skin": lazy_gettext("Skin"),
}

FEATURE_HINTS: Words = {
    "ears": lazy_gettext("outline, lobe, folds"),
    "scars_marks": lazy_gettext("where, how large, what shape"),
    "eyes": lazy_gettext("corners, lids, iris"),
    "eyebrows": lazy_gettext("arch, thickness, gap"),
    "hairline": lazy_gettext("line, peak, whorl"),
    "mouth": lazy_gettext("lips, corners, groove below the nose"),
    "nose": lazy_gettext("root, bridge, tip, nostrils"),
    "chin_jaw": lazy_gettext("cleft, angle"),
    "face_shape": lazy_gettext("proportions, cheeks"),
    "skin": lazy_gettext("texture, freckles, folds"),
}

FINDINGS: Words = {
    "similar": lazy_gettext("similar"),
    "different": lazy_gettext("different"),
    "unseen": lazy_gettext("cannot be seen"),
}

TRAVEL: Words = {
    "before": lazy_gettext("The sighting was before the child was last seen. One of the two times cannot be right."),
    "same_place": lazy_gettext("Both are about the same place."),
    "on_foot": lazy_gettext("On foot would be fast enough."),
    "by_car": lazy_gettext("A car or a train would be fast enough."),
    "by_air": lazy_gettext("Only an aircraft or a very fast train would be fast enough."),
    "impossible": lazy_gettext("Nobody travels so fast. Time, place or child cannot be right."),
}

FOLLOW_UPS: Words = {
    "liaison": lazy_gettext("Ask the liaison officer to tell the family"),
    "draft": lazy_gettext("Draft an alert for the place of the sighting"),
    "neither": lazy_gettext("Neither: nothing is set off from here"),
}
"""What a confirmed match may set off."""

PHOTOS: Words = {
    "enrolled": lazy_gettext("enrolled"),
    "no_face": lazy_gettext("no face found"),
    "several_faces": lazy_gettext("several faces, none marked"),
    "too_small": lazy_gettext("face too small"),
    "too_blurred": lazy_gettext("face too blurred"),
    "turned_away": lazy_gettext("face seen from the side"),
    "drawn": lazy_gettext("drawn, not photographed"),
    "unreadable": lazy_gettext("picture unreadable"),
    "refused": lazy_gettext("refused by the matcher"),
}

QUALITY: Words = {
    "small_face": lazy_gettext("the face is small"),
    "soft": lazy_gettext("the face is a little blurred"),
    "turned": lazy_gettext("the face is turned aside"),
    "nodding": lazy_gettext("the face looks up or down"),
    "eyes_hidden": lazy_gettext("an eye is perhaps covered"),
    "mouth_hidden": lazy_gettext("the mouth is perhaps covered"),
    "dark": lazy_gettext("the face is dark"),
    "bright": lazy_gettext("the face is overexposed"),
    "uneven_light": lazy_gettext("one side is in shadow"),
    "eyes_in_shadow": lazy_gettext("the eyes are in shadow"),
    "pale": lazy_gettext("little contrast"),
    "unsure": lazy_gettext("perhaps no real face: a drawing, a doll, a picture of a picture"),
}
"""What makes a face less useful; it was enrolled all the same where the outcome says so."""

SEARCHES: Words = {
    "asked": lazy_gettext("being searched"),
    "completed": lazy_gettext("searched"),
    "closed": lazy_gettext("searched, all decided"),
}

SEARCH_REFUSALS: Words = {
    "expired": lazy_gettext("the permission came too late, several times"),
    "used": lazy_gettext("the permission was used before"),
    "forged": lazy_gettext("the permission is not the gate's"),
    "wrong_photo": lazy_gettext("the permission is for another photo"),
    "unreadable": lazy_gettext("the picture cannot be read"),
}
"""Why the matcher refused to search a photo."""

SEXES: Words = {
    "female": lazy_gettext("girl"),
    "male": lazy_gettext("boy"),
    "unknown": lazy_gettext("not known"),
}

ROLES: Words = {
    "intake_officer": lazy_gettext("intake officer"),
    "reviewer": lazy_gettext("reviewer"),
    "supervisor": lazy_gettext("supervisor"),
    "auditor": lazy_gettext("auditor"),
    "administrator": lazy_gettext("administrator"),
}

ROLE_HINTS: Words = {
    "intake_officer": lazy_gettext("reads and verifies reports, drafts alerts"),
    "reviewer": lazy_gettext("also registers and closes cases, decides on candidates, approves alerts"),
    "supervisor": lazy_gettext("also settles disputes, opens cases for an hour, erases, reads the record"),
    "auditor": lazy_gettext("reads the record and no cases"),
    "administrator": lazy_gettext("invites and disables officers and reads no cases"),
}

SCOPES: Words = {
    "cases.read": lazy_gettext("read cases, sightings, candidates and photos"),
    "cases.file": lazy_gettext("begin verifications, fill in checklists, draft alerts"),
    "record.read": lazy_gettext("read the record"),
}
"""What a program's token may do."""

FACTOR_KINDS: Words = {
    "totp": lazy_gettext("authenticator app"),
    "passkey": lazy_gettext("passkey"),
    "recovery": lazy_gettext("recovery code"),
}

CLOSE_REASONS: Words = {
    "located": lazy_gettext("The child was found"),
    "withdrawn": lazy_gettext("The family withdrew the report"),
    "mistaken": lazy_gettext("It was a mistake"),
}

FILED: Words = {
    "telephone": lazy_gettext("by telephone"),
    "counter": lazy_gettext("at the counter"),
    "service": lazy_gettext("from another service"),
}
"""How a report reached an officer."""

LETTERS: Words = {
    "addition": lazy_gettext("The family added something"),
    "answer": lazy_gettext("The family answers"),
    "correction": lazy_gettext("The family corrects the report"),
    "withdrawal": lazy_gettext("The family asks to withdraw the report"),
    "message": lazy_gettext("Message to the family"),
    "return": lazy_gettext("Returned to the family"),
    "reject": lazy_gettext("Report rejected"),
    "outcome": lazy_gettext("Told at the end"),
}
"""What the desk and a family write to each other."""

FACTS: Words = {
    "name": lazy_gettext("The child's name"),
    "born": lazy_gettext("Date of birth"),
    "appearance": lazy_gettext("What the child looks like"),
    "circumstances": lazy_gettext("What happened"),
    "phone": lazy_gettext("Telephone"),
    "email": lazy_gettext("E-mail"),
    "other": lazy_gettext("Something else"),
}
"""What a family corrects."""

AFFECTED: Words = {
    "me": lazy_gettext("the person who asks"),
    "my_child": lazy_gettext("the child of who asks"),
    "in_care": lazy_gettext("a child in the care of who asks"),
    "other": lazy_gettext("somebody else"),
}
"""Whose removal is asked for."""

REMOVAL_OUTCOMES: Words = {
    "removed": lazy_gettext("It was taken away"),
    "partly": lazy_gettext("A part of it was taken away"),
    "kept": lazy_gettext("It stays"),
}
"""How a request for removal was answered."""

GRADES: Words = {
    "same": lazy_gettext("agrees"),
    "close": lazy_gettext("nearly agrees"),
    "unclear": lazy_gettext("may agree"),
    "different": lazy_gettext("differs"),
}
"""How something agrees in two reports (`cases/likeness.py`)."""

GRADE_KINDS = {"same": "good", "close": "good", "unclear": "plain", "different": "attention"}

LIKENESS: Words = {
    "name": lazy_gettext("name"),
    "born": lazy_gettext("day of birth"),
    "sex": lazy_gettext("sex"),
    "place": lazy_gettext("place last seen"),
    "time": lazy_gettext("time last seen"),
}
"""What is compared of two reports."""

REVIEWS: Words = {
    "yearly": lazy_gettext("A year has passed since anybody reviewed this case."),
    "eighteen": lazy_gettext("The child has turned 18."),
}
"""Why a case is to be looked at again."""

PAGED: Words = {
    "in_danger": lazy_gettext("A child was seen, perhaps in danger"),
    "very_strong": lazy_gettext("A sighted child resembles a missing one very strongly"),
    "report_waits": lazy_gettext("A report has waited too long"),
    "candidate_waits": lazy_gettext("A candidate has waited too long"),
    "removal_waits": lazy_gettext("A request for removal has waited for half of its time"),
    "alert_waits": lazy_gettext("An alert has waited too long for its approval"),
}
"""What the on-call list is called for."""

ORDERS: Words = {
    "newest": lazy_gettext("newest first"),
    "longest": lazy_gettext("longest waiting first"),
    "youngest": lazy_gettext("youngest child first"),
}

HOLDERS: Words = {
    "mine": lazy_gettext("me"),
    "free": lazy_gettext("nobody"),
}

REPORT_FIELDS: Words = {
    "how": lazy_gettext("How the report came"),
    "child_name": lazy_gettext("The child's name"),
    "born": lazy_gettext("Date of birth"),
    "sex": lazy_gettext("The child is"),
    "appearance": lazy_gettext("What the child looks like"),
    "seen_at": lazy_gettext("When the child was last seen, on the UTC clock"),
    "place": lazy_gettext("Where the child was last seen"),
    "lat": lazy_gettext("Latitude"),
    "lon": lazy_gettext("Longitude"),
    "circumstances": lazy_gettext("What happened"),
    "reporter_name": lazy_gettext("The reporter's name"),
    "relation": lazy_gettext("Who the reporter is to the child"),
    "phone": lazy_gettext("Telephone"),
    "email": lazy_gettext("E-mail"),
    "language": lazy_gettext("The family's language"),
}
"""What an officer writes down of a report."""

CHECKS: Words = {
    "police_reference": lazy_gettext("Police reference"),
    "relation_verified": lazy_gettext("The reporter's relation to the child is verified"),
    "identity_verified": lazy_gettext("The reporter's identity is verified"),
    "custody_checked": lazy_gettext("Custody is checked"),
    "protection_orders_checked": lazy_gettext("Protection orders are checked"),
    "care_status_checked": lazy_gettext("Care status is checked"),
    "legal_basis": lazy_gettext("Legal basis"),
}

DRAFT_FIELDS: Words = {
    "texts": lazy_gettext("Texts"),
    "headline": lazy_gettext("Headline"),
    "description": lazy_gettext("Description"),
    "instruction": lazy_gettext("What people should do"),
    "area_desc": lazy_gettext("The area in a few words"),
    "event_code": lazy_gettext("Kind"),
    "contact": lazy_gettext("Whom to call"),
    "show_name": lazy_gettext("Show the child's name"),
    "last_seen_place": lazy_gettext("Where last seen"),
    "radius_km": lazy_gettext("Radius in kilometres"),
    "polygon": lazy_gettext("Corners of the polygon"),
    "rings": lazy_gettext("Rings that widen"),
    "test": lazy_gettext("Only a test"),
    "regions": lazy_gettext("Regions"),
    "expires": lazy_gettext("End of the alert, on the UTC clock"),
    "photo_id": lazy_gettext("Photo"),
    "crop": lazy_gettext("Part of the photo to show, in percent"),
    "alt": lazy_gettext("What the photo shows, for those who cannot see it"),
    "credit": lazy_gettext("Credit of the photo"),
}
"""A draft's fields, as its form calls them."""

SUBJECTS: Words = {
    "case": lazy_gettext("case"),
    "case_key": lazy_gettext("case"),
    "sighting": lazy_gettext("sighting"),
    "candidate": lazy_gettext("candidate"),
    "draft": lazy_gettext("alert"),
    "photo": lazy_gettext("photo"),
    "person": lazy_gettext("officer"),
    "list": lazy_gettext("list"),
    "on_call": lazy_gettext("on-call list"),
    "removal": lazy_gettext("request for removal"),
    "pack": lazy_gettext("face models"),
}

ACT_KINDS: Words = {
    "case": lazy_gettext("cases"),
    "sighting": lazy_gettext("sightings"),
    "candidate": lazy_gettext("candidates"),
    "draft": lazy_gettext("alerts"),
    "photo": lazy_gettext("photos"),
    "gate": lazy_gettext("the privacy gate"),
    "session": lazy_gettext("log-ins"),
    "person": lazy_gettext("accounts"),
    "role": lazy_gettext("rights"),
    "access": lazy_gettext("an hour's access"),
    "removal": lazy_gettext("requests for removal"),
    "audit": lazy_gettext("the record"),
}
"""What acts begin with, as a reader of the record chooses them (`views/audit_asked.KINDS`)."""

FAULTS: Words = {
    "rows before it are missing": lazy_gettext("rows before it are missing"),
    "it does not follow the row before it": lazy_gettext("it does not follow the row before it"),
    "it was changed": lazy_gettext("it was changed"),
    "its signature does not hold": lazy_gettext("its signature does not hold"),
    "the newest rows are missing": lazy_gettext("the newest rows are missing"),
    "from here on rows are missing": lazy_gettext("from here on rows are missing"),
    "it was moved from another place": lazy_gettext("it was moved here from another place"),
    "it is not what a checkpoint says": lazy_gettext("it is not what a checkpoint, kept earlier, says of it"),
    "a checkpoint here is not signed by the desk": lazy_gettext("a checkpoint of this row is not signed by the desk"),
}
"""What `audit.verify` finds."""

NOBODY: Words = {
    "family": lazy_gettext("the family"),
    "public": lazy_gettext("a member of the public"),
    "gate": lazy_gettext("the privacy gate"),
    "matcher": lazy_gettext("the matcher"),
    "alerts": lazy_gettext("the alerts room"),
    "clock": lazy_gettext("time"),
    "system": lazy_gettext("the operator"),
    "operator": lazy_gettext("the operator"),
    "stranger": lazy_gettext("somebody unknown"),
}
"""Actors in the record who are no officer."""

REASONS: Words = {
    "not_permitted": lazy_gettext("Your role or your jurisdiction does not cover this. A supervisor can help."),
    "not_found": lazy_gettext("This is not, or no longer, on the desk."),
    "not_logged_in": lazy_gettext("Your log-in has ended, or you have not logged in yet."),
    "wrong_name_or_password": lazy_gettext("This name and password do not belong together."),
    "wrong_state": lazy_gettext("The state has changed, or does not allow this. Please look at the page again."),
    "erased": lazy_gettext("This has been erased and nobody can read it any more."),
    "photo_locked": lazy_gettext("The case has ended, so its photos are locked."),
    "not_registered": lazy_gettext("No officer has registered the case."),
    "closed": lazy_gettext("The case has ended."),
    "not_a_minor": lazy_gettext("The person was 18 or older when last seen. Only missing minors are registered."),
    "born_after_last_seen": lazy_gettext("The date of birth lies after the day last seen."),
    "police_reference_missing": lazy_gettext("The police reference is missing."),
    "relation_unverified": lazy_gettext("The reporter's relation to the child is not verified."),
    "identity_unverified": lazy_gettext("The reporter's identity is not verified."),
    "custody_unchecked": lazy_gettext("Custody is not checked."),
    "protection_orders_unchecked": lazy_gettext("Protection orders are not checked."),
    "care_status_unchecked": lazy_gettext("Care status is not checked."),
    "legal_basis_missing": lazy_gettext("The legal basis is missing."),
    "reason_missing": lazy_gettext("Please give a reason."),
    "reason_too_long": lazy_gettext("Please shorten the reason."),
    "message_missing": lazy_gettext("Please write to the family what is needed."),
    "message_too_long": lazy_gettext("Please shorten the message."),
    "no_way_to_family": lazy_gettext("This family has no tracking code. Please telephone them."),
    "not_a_fact": lazy_gettext("This cannot be put into the report as it is. Please ask the family about it."),
    "taken_already": lazy_gettext("This correction stands in the report already."),
    "answered_already": lazy_gettext("This request has been answered already."),
    "outcome_missing": lazy_gettext("Please choose what was decided."),
    "claimed_by_other": lazy_gettext(
        "Another officer is working on this case. Speak with them, or take it over with a reason. Nothing was changed."
    ),
    "not_claimed": lazy_gettext("You do not hold this case any more."),
    "held_already": lazy_gettext("The case is held by law already."),
    "not_held": lazy_gettext("No legal hold is on this case."),
    "held_by_law": lazy_gettext("The law keeps this case. Lift the legal hold first."),
    "review_not_due": lazy_gettext("No review of this case is due; perhaps a colleague has just done it."),
    "known_photo": lazy_gettext("The case has this photo already."),
    "too_many_photos": lazy_gettext("A case has at most 10 photos that officers add."),
    "name_missing": lazy_gettext("Please give a name."),
    "name_too_long": lazy_gettext("Please give a shorter name."),
    "bad_address": lazy_gettext("Please give an e-mail address, or an address that begins with https://."),
    "too_many_views": lazy_gettext("You have 12 views. Please remove one first."),
    "unknown_reason": lazy_gettext("Please choose one of the reasons for closing."),
    "too_late": lazy_gettext("A case can be reopened within 30 days of its closing, and they are over."),
    "unknown_outcome": lazy_gettext("Please choose one of the three outcomes."),
    "already_decided": lazy_gettext("You have decided on this candidate. An officer decides once on each."),
    "already_judged": lazy_gettext("Your first judgement is recorded already. Now decide."),
    "decided_meanwhile": lazy_gettext(
        "While you had this page open, other officers decided on this candidate. Yours was not recorded, and nothing "
        "was decided twice. The page now shows how it stands; what you wrote is still in the form, if there is one."
    ),
    "rejection_reason_missing": lazy_gettext("A rejection needs a reason: choose one, or write what you based it on."),
    "settling_reason_missing": lazy_gettext("Two officers differ. Please write why you settle it so."),
    "unknown_rejection": lazy_gettext("Please choose one of the reasons for a rejection."),
    "followed_already": lazy_gettext("Another officer has chosen already what follows. The page shows what."),
    "nothing_chosen": lazy_gettext("Please choose what follows, or that nothing does."),
    "unknown_liaison": lazy_gettext("Please choose a liaison officer who may read this case."),
    "no_place": lazy_gettext("The sighting has no place on the map, so no alert can be drafted for it."),
    "no_face": lazy_gettext("No face is found in this photo. One from the front, in daylight, helps most."),
    "face_missing": lazy_gettext("Please choose the child's face."),
    "wrong_purpose": lazy_gettext("This photo may not be searched for this purpose."),
    "supervisor_needed": lazy_gettext("Two officers differ. A supervisor decides."),
    "case_not_registered": lazy_gettext("The case is not registered, so nothing of it can be decided or published."),
    "own_draft": lazy_gettext("Whoever wrote or edited a draft cannot approve it. Another officer can."),
    "changed_meanwhile": lazy_gettext("Somebody changed this after you opened it. Please read it again."),
    "alert_ended": lazy_gettext("The alert that this amends has ended."),
    "amendment_open": lazy_gettext("An amendment of this alert is being written already."),
    "incomplete": lazy_gettext("The draft is not complete yet."),
    "expires_too_soon": lazy_gettext("An alert lasts at least one hour. Please choose a later end."),
    "expires_too_late": lazy_gettext("An alert lasts at most 30 days. It can be amended to last longer."),
    "unknown_region": lazy_gettext("One of the regions is unknown. Please use ISO 3166 codes such as FR-IDF."),
    "photo_foreign": lazy_gettext("This photo does not belong to the case."),
    "wrong_word": lazy_gettext("Please type the word that is asked for, so that nothing is published by mistake."),
    "status_fixed": lazy_gettext("A published alert cannot become a test, nor a test an alert. Please begin anew."),
    "not_publishable": lazy_gettext("A draft has no such field: an alert may not carry it."),
    "own_account": lazy_gettext("This is your own account. Another administrator has to do this."),
    "person_needed": lazy_gettext("A program reads and files. This is for a person at the desk."),
    "factor_needed": lazy_gettext("This decision needs your second factor again."),
    "factor_missing": lazy_gettext("Please send a code of your second factor as well."),
    "wrong_code": lazy_gettext("This was not right, or was used already. A code of the app changes every 30 seconds."),
    "setup_over": lazy_gettext("The set-up took too long. Please begin it again; nothing was lost."),
    "last_factor": lazy_gettext("This is your only second factor. Add another before you remove it."),
    "passkey_known": lazy_gettext("This passkey belongs to an account already."),
    "passkey_refused": lazy_gettext("The passkey could not be made. Please try again, or use an authenticator app."),
    "passkey_needs_name": lazy_gettext("Passkeys need the desk to have a name instead of a bare address."),
    "invitation_over": lazy_gettext(
        "This invitation is not known, was used, or is more than three days old. An administrator can make another."
    ),
    "agency_failed": lazy_gettext("Your agency did not vouch for you. Please try again, or ask its help desk."),
    "agency_unknown": lazy_gettext("Your agency's account belongs to nobody here. An administrator can invite you."),
    "agency_taken": lazy_gettext("Your agency's account is in use by another officer here."),
    "disabled_account": lazy_gettext("The account is disabled. Let the officer in again first."),
    "own_grant": lazy_gettext("You asked for this yourself, or it is about you. Somebody else has to confirm it."),
    "not_in_yet": lazy_gettext("The person has not accepted the invitation yet. Confirm once you know who came in."),
    "too_many_tokens": lazy_gettext("You have 20 tokens. Please end those that are not used."),
    "unknown_officer": lazy_gettext("Nobody of this name works here. Please write the name as the officer logs in."),
    "reads_no_case": lazy_gettext("This officer's role reads no cases."),
    "sees_it_already": lazy_gettext("The case is in this officer's jurisdiction already."),
    "unknown_place": lazy_gettext("There is no such region. Please use an ISO 3166 code such as FR or FR-IDF."),
    "same_case": lazy_gettext("This is the same case. Please give the number of another one."),
    "no_such_number": lazy_gettext("No case that you may see has this number. It looks like HW-2026-000123."),
    "pair_changed": lazy_gettext(
        "One of the two cases was changed while you had this page open. Nothing was done. The page now shows how they "
        "stand; please read them again."
    ),
    "already_distinct": lazy_gettext("A colleague has declared these two cases distinct already."),
    "not_distinct": lazy_gettext("These two cases are not declared distinct."),
    "declared_distinct": lazy_gettext("These two cases are declared distinct. Undo that first, with a reason."),
    "kept_ended": lazy_gettext("The case that would be kept has ended. Please keep the other one, or reopen it first."),
    "not_verifying": lazy_gettext("Only a case in verification or a registered one can become part of another."),
    "alert_live": lazy_gettext(
        "An alert of the case that would become part of the other is live. Cancel that alert first, or keep this case."
    ),
    "merged_too_long": lazy_gettext("A merge can be undone within 30 days, and they are over."),
    "no_photos": lazy_gettext("The case has no photo to compare."),
    "being_compared": lazy_gettext("The photos are being compared already. Please wait a moment."),
    "same_region": lazy_gettext("The case is in this jurisdiction already."),
    "nothing_marked": lazy_gettext("Please mark at least one face."),
    "no_face_there": lazy_gettext("A mark is on no face that was found. Please choose among the faces shown."),
    "one_child": lazy_gettext("Please mark the one face that is the child of this case."),
    "already_enrolled": lazy_gettext("This photo is enrolled already."),
    "bad_age": lazy_gettext("Please give an age from 0 to 130 years, or leave it empty."),
}
"""Why a rule forbids an act (`NotAllowed.reason`), in words that say what to do."""


def reason(code: str) -> str:
    """A sentence for the reason of a refusal."""
    return str(REASONS.get(code) or gettext("This cannot be done now. Nothing was changed."))


def searched(search: Search | None) -> str:
    """What became of the search of a sighting's photo."""
    if search is None:
        return gettext("waiting to be searched")
    if search.state == "refused":
        return gettext("not searched: %(reason)s", reason=SEARCH_REFUSALS.get(search.reason or "", search.reason))
    if search.state == "asked" or search.faces_found is None:
        return str(SEARCHES[search.state])
    if not search.faces_found:
        return gettext("no face found")
    if not search.faces_searched:
        return ngettext("%(num)s face, none marked", "%(num)s faces, none marked", search.faces_found)
    seen = gettext("%(some)s of %(all)s faces searched", some=search.faces_searched, all=search.faces_found)
    return gettext("%(seen)s, all decided", seen=seen) if search.state == "closed" else seen


def draft_field(name: str) -> str:
    """What a draft's field is called on the page."""
    return {
        "texts": gettext("headline, description and area in each language"),
        "contact": gettext("whom to call"),
        "last_seen_place": gettext("where last seen"),
        "regions": gettext("regions"),
        "expires": gettext("end of the alert"),
    }.get(name, name)
