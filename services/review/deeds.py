"""What each act in the record is called."""

from flask_babel import LazyString, lazy_gettext

DEEDS: dict[str, LazyString] = {
    "case.open": lazy_gettext("Report received"),
    "case.start": lazy_gettext("Verification begun"),
    "case.check": lazy_gettext("Checklist changed"),
    "case.register": lazy_gettext("Registered"),
    "case.return": lazy_gettext("Returned to the family"),
    "case.reject": lazy_gettext("Rejected"),
    "case.close": lazy_gettext("Closed"),
    "case.withdraw": lazy_gettext("Withdrawn"),
    "case.reopen": lazy_gettext("Reopened"),
    "case.erase": lazy_gettext("Erased"),
    "case.enrolled": lazy_gettext("Photos enrolled"),
    "case.forgotten": lazy_gettext("Templates erased"),
    "pack.changed": lazy_gettext("Face models changed"),
    "gate.enrol": lazy_gettext("Enrolment granted"),
    "gate.search": lazy_gettext("Search granted"),
    "gate.budget_spent": lazy_gettext("Many searches in one region"),
    "sighting.open": lazy_gettext("Sighting received"),
    "sighting.erase": lazy_gettext("Sighting erased"),
    "photo.mark": lazy_gettext("Faces marked"),
    "search.completed": lazy_gettext("Searched"),
    "search.refused": lazy_gettext("Search refused by the matcher"),
    "candidate.judge": lazy_gettext("Faces judged first"),
    "candidate.decide": lazy_gettext("Candidate decided"),
    "candidate.follow": lazy_gettext("What follows chosen"),
    "candidate.told": lazy_gettext("Family told"),
    "probe.open": lazy_gettext("Photo of a child in care searched"),
    "probe.face": lazy_gettext("Face chosen"),
    "draft.create": lazy_gettext("Alert drafted"),
    "draft.edit": lazy_gettext("Draft edited"),
    "draft.submit": lazy_gettext("Draft sent for approval"),
    "draft.approve": lazy_gettext("Alert approved"),
    "draft.return": lazy_gettext("Draft returned"),
    "draft.reject": lazy_gettext("Draft rejected"),
    "draft.amend": lazy_gettext("Amendment begun"),
    "draft.cancel": lazy_gettext("Alert cancelled"),
    "alert.published": lazy_gettext("Alert published"),
    "alert.expired": lazy_gettext("Alert expired"),
    "person.add": lazy_gettext("Officer added"),
    "person.disable": lazy_gettext("Officer disabled"),
    "person.admit": lazy_gettext("Officer admitted again"),
    "person.password": lazy_gettext("Password changed"),
    "session.begin": lazy_gettext("Logged in"),
    "session.end": lazy_gettext("Logged out"),
}


def deed(act: str) -> str:
    return str(DEEDS.get(act, act))
