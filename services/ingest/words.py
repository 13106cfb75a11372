"""What each fault and each advice says to a person: what is wrong, and what to do."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext

from services.ingest.rules import Fault
from shared.language import language

_FAULTS = {
    "missing": lazy_gettext("Please fill this in."),
    "too_long": lazy_gettext("Please shorten this to %(limit)s characters."),
    "not_text": lazy_gettext("Please write this as text."),
    "not_a_choice": lazy_gettext("Please choose one of the answers."),
    "not_a_number": lazy_gettext("Please write this as a number."),
    "not_yes_or_no": lazy_gettext("Please answer with true or false."),
    "not_a_list": lazy_gettext("This must be a list."),
    "not_an_object": lazy_gettext("This must be a JSON object."),
    "unknown_field": lazy_gettext("We do not know this field. Please leave it out."),
    "too_many": lazy_gettext("Please give at most %(limit)s."),
    "bad_date": lazy_gettext("Please write the date as year-month-day, for example 2015-03-27."),
    "bad_time": lazy_gettext("Please give the date and the time, for example 2026-11-23 18:30. A rough time is fine."),
    "bad_point": lazy_gettext("A point is two numbers from 0 to 1."),
    "bad_age": lazy_gettext("Please give the child's age in the photo in years, from 0 to 18."),
    "off_the_globe": lazy_gettext(
        "Latitude goes from -90 to 90, longitude from -180 to 180. Please check the numbers."
    ),
    "unreadable_place": lazy_gettext(
        "We do not find this place. Please choose it from the list if it is there, write the name of the region or the"
        " country, or paste a link from a map app."
    ),
    "no_point": lazy_gettext("Please add the point: write the name of the region, or paste the place from a map app."),
    "future": lazy_gettext("This time has not come yet. Please check the date and the time."),
    "born_in_future": lazy_gettext("This date has not come yet. Please check the date of birth."),
    "before_birth": lazy_gettext("This is before the child was born. Please check both dates."),
    "adult": lazy_gettext(
        "We can only help to find people who were under 18 when last seen. If an adult is missing, please call the"
        " police now: they take the report at any hour, and you do not have to wait."
    ),
    "no_contact": lazy_gettext(
        "Please give a telephone number or an e-mail address, so that an officer can reach you."
    ),
    "bad_email": lazy_gettext("This does not look like an e-mail address. It has an @, as in name@example.org."),
    "bad_phone": lazy_gettext("Please write the telephone number in digits, with the country code if you can."),
    "no_consent": lazy_gettext("We may only pass the report to the police if you agree. Please tick the box."),
    "no_photos": lazy_gettext("Please add at least one photo of the child."),
    "too_many_photos": lazy_gettext("We can take %(limit)s photos. Please choose the ones that show the face best."),
    "count_differs": lazy_gettext("There are %(limit)s photos. Please describe each of them, or none."),
    "taken_in_future": lazy_gettext("This date has not come yet. Please check when the photo was taken."),
    "taken_before_birth": lazy_gettext("This is before the child was born. Please check when the photo was taken."),
    "not_an_image": lazy_gettext("This is not a picture that we can open. Please send it as JPEG, PNG, WebP or HEIC."),
    "too_large": lazy_gettext("This file is too large. Please send a picture of at most 20 MB."),
    "too_many_pixels": lazy_gettext(
        "This picture has too many pixels. Please send a smaller one: 50 megapixels at most."
    ),
    "too_small": lazy_gettext("This picture is too small to show a face. Please send a larger one."),
    "empty": lazy_gettext("This file is empty. Please choose it again."),
    "damaged": lazy_gettext("This file is not whole. Please save or send the picture once more, then choose it again."),
    "unknown_part": lazy_gettext("We do not know this part. Photos go in parts named photos."),
    "nothing_added": lazy_gettext("Please write something, or add a photo."),
    "no_json_part": lazy_gettext("Please send the text in a part named report or sighting, as JSON."),
    "bad_json": lazy_gettext("This is not JSON that we can read."),
}

_FIELDS = {
    "#/child/name": lazy_gettext("Please write the child's name."),
    "#/child/born": lazy_gettext("Please give the child's date of birth. If you are not sure, your best guess."),
    "#/child/sex": lazy_gettext("Please choose one: girl, boy, or not sure."),
    "#/last_seen/at": lazy_gettext("Please say when the child was last seen. A rough time is fine."),
    "#/last_seen/place": lazy_gettext("Please say where the child was last seen: a street, a shop, a station."),
    "#/reporter/name": lazy_gettext("Please write your name."),
    "#/reporter/relation": lazy_gettext("Please say who you are to the child, for example mother or uncle."),
    "#/seen_at": lazy_gettext("Please say when you saw the child. A rough time is fine."),
    "#/place": lazy_gettext("Please say where you saw the child: a street, a shop, a station."),
    "#/text": lazy_gettext("Please write what the officer should know."),
    "#/fact": lazy_gettext("Please choose what is to be corrected."),
    "#/affected": lazy_gettext("Please say who it is about."),
    "#/which": lazy_gettext("Please say which alert or report you mean, so that an officer finds it."),
    "#/in_danger": lazy_gettext("Please say whether the child is in danger now."),
}

_ADVICE = {
    "clear": lazy_gettext("The face is clear. Thank you."),
    "no_face": lazy_gettext("We cannot see a face clearly. A photo from the front, in daylight, helps most."),
    "several_faces": lazy_gettext("There are several faces. Please show us which one is the child."),
    "marked": lazy_gettext("Thank you. We will look only at the face that you chose."),
    "too_small": lazy_gettext("The face is too small to compare. A photo from closer by helps, if you have one."),
    "small_face": lazy_gettext("The face is small in this photo. A closer photo helps, if you have one."),
    "too_blurred": lazy_gettext("The face is too blurred to compare. A sharper photo helps, if you have one."),
    "soft": lazy_gettext("The face is a little blurred. A sharper photo helps, if you have one."),
    "turned_away": lazy_gettext("The face is seen from the side. A photo from the front helps most."),
    "drawn": lazy_gettext("This face looks drawn. A photograph of the child helps."),
    "turned": lazy_gettext("The face is turned aside. A photo from the front helps, if you have one."),
    "nodding": lazy_gettext("The face looks up or down. A photo taken at the height of the eyes helps."),
    "eyes_hidden": lazy_gettext(
        "We cannot see both eyes well. A photo without sunglasses or hair over the eyes helps."
    ),
    "mouth_hidden": lazy_gettext(
        "We cannot see the mouth well. A photo without a mask, scarf or hand before it helps."
    ),
    "dark": lazy_gettext("The photo is dark. One taken in daylight helps, if you have one."),
    "bright": lazy_gettext("The light on the face is very bright. A photo in softer light helps."),
    "uneven_light": lazy_gettext("One side of the face is in shadow. A photo with light from the front helps."),
    "eyes_in_shadow": lazy_gettext("The eyes are in shadow: a photo facing the light helps."),
    "pale": lazy_gettext("The photo is pale. One with clearer light and shade helps, if you have one."),
    "unsure": lazy_gettext(
        "We are not sure that this is a face. A photo of the child, and not of a picture, helps most."
    ),
}


def fault_text(fault: Fault) -> str:
    """One sentence or two for a fault, in the reader's language."""
    if fault.code == "missing" and fault.pointer in _FIELDS:
        return str(_FIELDS[fault.pointer])
    text = str(_FAULTS.get(fault.code, _FAULTS["not_an_image"]))
    return text.replace("%(limit)s", str(fault.limit))


def photo_fault_text(name: str, fault: Fault) -> str:
    """The same, beginning with the file that is meant."""
    return gettext("%(file)s: %(fault)s", file=name, fault=fault_text(fault))


def advice_text(advice: Sequence[str]) -> str:
    """A sentence or two for each piece of advice. Chinese puts no space between them."""
    return ("" if language() == "zh" else " ").join(str(_ADVICE[code]) for code in advice)
