"""The record's words for people: its codes as sentences, in the reader's language; what an officer wrote as it is."""

import re
from collections.abc import Callable

from flask_babel import gettext, ngettext

from services.review import words

Parts = tuple[str, ...]

_PHRASES: dict[str, Callable[[Parts], str]] = {
    r"(\d+) photos": lambda it: ngettext("%(num)s photo", "%(num)s photos", int(it[0])),
    r"(\d+) of (\d+) photos": lambda it: gettext("%(some)s of %(all)s photos", some=it[0], all=it[1]),
    r"(\d+) faces marked": lambda it: ngettext("%(num)s face", "%(num)s faces", int(it[0])),
    r"(\d+) faces marked, about (\S+) years old": lambda it: gettext(
        "%(faces)s, about %(age)s years old",
        faces=ngettext("%(num)s face", "%(num)s faces", int(it[0])),
        age=it[1],
    ),
    r"(\d+) templates": lambda it: ngettext("%(num)s template", "%(num)s templates", int(it[0])),
    r"(\d+) candidates": lambda it: ngettext("%(num)s candidate", "%(num)s candidates", int(it[0])),
    r"revision (\d+)": lambda it: gettext("as it stood after change %(num)s", num=it[0]),
    r"from ([0-9a-f.:]*)": lambda it: gettext("from %(address)s", address=it[0]),
    r"(totp|passkey|recovery)": lambda it: gettext("with %(factor)s", factor=words.FACTOR_KINDS[it[0]]),
    r"(totp|passkey): (.*)": lambda it: f"{words.FACTOR_KINDS[it[0]]}: {it[1]}",
    r"by an hour's access": lambda _: gettext("by an hour's access"),
    r"elsewhere": lambda _: gettext("elsewhere"),
    r"factor\.add": lambda _: gettext("with the second factor just set up"),
    r"sighting_triage for \w+": lambda _: gettext("for a sighting"),
    r"(\d+) hours": lambda it: ngettext("%(num)s hour", "%(num)s hours", int(it[0])),
    r"officer_probe for \w+": lambda _: gettext("for an officer's probe of a child in care"),
    r"duplicate_check for \w+": lambda _: gettext("for a duplicate check"),
    r"(\d+) children alike": lambda it: ngettext("%(num)s child alike", "%(num)s children alike", int(it[0])),
    r"(\d+) searches by one officer in the last hour": lambda it: ngettext(
        "%(num)s search by one officer in the last hour", "%(num)s searches by one officer in the last hour", int(it[0])
    ),
    r"(\S+) km, (\S+)": lambda it: gettext("to %(km)s km, as %(message)s", km=it[0], message=it[1]),
    r"with its case": lambda _: gettext("with its case"),
}


def retold(act: str, text: str, *, refused: bool) -> str:
    """A row's text as the page shows it."""
    if refused:
        return _refusal(text)
    if act == "case.check":
        return "\n".join(_check(line) for line in text.splitlines())
    if act == "candidate.decide":
        return _decision(text)
    if act == "candidate.judge":
        return str(words.OUTCOMES.get(text, text))
    if act == "candidate.follow":
        return "\n".join(str(words.FOLLOW_UPS.get(choice, choice)) for choice in text.split(", "))
    if act == "draft.edit":
        return "\n".join(str(words.DRAFT_FIELDS.get(name, name)) for name in text.split(", "))
    if act in ("case.merge", "case.unmerge", "case.distinct", "case.undistinct"):
        return _two_cases(text)
    if act == "case.file":
        return str(words.FILED.get(text, text))
    if act in ("case.amend", "case.letter"):
        return str(words.LETTERS.get(text, text))
    if act == "case.correct":
        return str(words.FACTS.get(text, text))
    if act == "oncall.page":
        why, _, count = text.partition(" for ")
        return gettext("%(why)s; %(count)s called", why=words.PAGED.get(why, why), count=count)
    if act == "case.review_due":
        return str(words.REVIEWS.get(text, text))
    head, gap, rest = text.partition("\n\n")
    if act == "removal.answer":
        return f"{words.REMOVAL_OUTCOMES.get(head, head)}{gap}{rest}"
    if act in ("case.close", "case.withdraw"):
        return f"{words.CLOSE_REASONS.get(head, head)}{gap if rest else ''}{rest}"
    for pattern, phrase in _PHRASES.items():
        if found := re.fullmatch(pattern, text):
            return phrase(found.groups())
    return text


def whence(origin: str) -> str:
    """From where a row was done, as `audit.record` noted it."""
    places = {
        "worker": gettext("the desk's worker"),
        "command line": gettext("the command line"),
        "the desk": gettext("the desk"),
    }
    if found := re.fullmatch(r"(\S*), log-in (\w+)", origin):
        return gettext("%(address)s, log-in %(id)s", address=found[1], id=found[2])
    if found := re.fullmatch(r"(\S*), token (\w+) (.*)", origin):
        return gettext("%(address)s, token %(id)s (%(name)s)", address=found[1], id=found[2], name=found[3])
    return places.get(origin, origin)


def _check(line: str) -> str:
    """`custody_checked: yes`, or the name of an officer's words."""
    name, _, answer = line.partition(": ")
    word = str(words.CHECKS.get(name, name))
    return f"{word}: {gettext('yes') if answer == 'yes' else gettext('no')}" if answer else word


def _two_cases(text: str) -> str:
    """`HW-2026-000001 into HW-2026-000002` (or `out of`, `and`), and the officer's reason."""
    head, gap, rest = text.partition("\n\n")
    one, _, joined = head.partition(" ")
    joint, _, other = joined.rpartition(" ")
    said = {
        "into": gettext("%(one)s became part of %(other)s", one=one, other=other),
        "out of": gettext("%(one)s was part of %(other)s", one=one, other=other),
        "and": gettext("%(one)s and %(other)s", one=one, other=other),
    }
    return said.get(joint, head) + gap + rest


def _refusal(text: str) -> str:
    """`reason: detail` of a rule, or the gate's list of reasons."""
    code, _, detail = text.partition(": ")
    codes = [part for part in (detail or code).split(", ") if part in words.REASONS] or [code]
    return " ".join(str(words.REASONS.get(part) or retold("", part, refused=False)) for part in codes)


def _decision(text: str) -> str:
    """`outcome, now state because reason`, and the officer's note."""
    head, _, note = text.partition("\n\n")
    outcome, _, rest = head.partition(", now ")
    state, _, reason = rest.partition(" because ")
    said = gettext("%(outcome)s; now: %(state)s", outcome=words.OUTCOMES.get(outcome, outcome), state=_state(state))
    said += f"\n{words.REJECTIONS.get(reason, reason)}" if reason else ""
    return f"{said}\n\n{note}" if note else said


def _state(state: str) -> str:
    return str(words.CANDIDATE_STATES.get(state, state))
