"""Passwords, codes and time codes: what is too easy, what is kept, and what works once."""

from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask

from services.review.people import codes, factors, passwords
from shared.language import speak

NOW = datetime(2026, 11, 25, 3, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "at least 12"), ("x" * 300, "at most 200"), ("password1234", "many people have"),
        ("qwertyuiop12", "many people have"), ("abcabcabcabc", "repeats itself"), ("Ada Moreau Ada", "too easy"),
        ("several purple otters knit", None), ("雨后山中蝉声渐渐远去了吧好", None),
    ],
)  # fmt: skip
def test_a_password_that_is_soon_guessed_is_refused_with_the_reason(password: str, told: str | None) -> None:
    app = Flask("passwords")
    speak(app)
    with app.app_context():
        found = passwords.faults(password, ["Ada Moreau"])
    assert (told in found[0]) if told else found == []


def test_no_password_and_no_officer_hold_nothing() -> None:
    assert not passwords.holds(None, "nobody's") and not passwords.holds("", "")
    assert passwords.holds(passwords.hash_of("several purple otters"), "several purple otters")


def test_a_code_is_long_readable_and_found_however_it_was_typed() -> None:
    code = codes.new_code(4)
    assert len(code) == 23 and set(code) <= set("abcdefghijklmnopqrstuvwxyz234567-")
    assert codes.hash_of(code) == codes.hash_of(f" {code.upper().replace('-', ' ')} ")
    assert len({codes.new_code(4) for _ in range(100)}) == 100


def test_a_time_code_is_good_in_its_half_minute_and_those_beside_and_once() -> None:
    secret = factors.new_secret()
    totp, step = pyotp.TOTP(secret), int(NOW.timestamp()) // factors.STEP_S
    for beside in (-1, 0, 1):
        assert factors.step_of(secret, totp.at((step + beside) * factors.STEP_S), NOW) == step + beside
    assert factors.step_of(secret, totp.at((step - 2) * factors.STEP_S), NOW) is None
    assert factors.step_of(secret, totp.at(step * factors.STEP_S), NOW, after=step) is None
    assert "issuer=Homeward" in factors.address_of(secret, "Ada Moreau")
