"""The look that all three doors share: templates, stylesheets, translations."""

from functools import cache
from importlib.resources import files

_END_OF_REBOOT = "[hidden]{display:none!important}"


@cache
def base_css() -> str:
    """Bootstrap's reboot: the head of its stylesheet, 10 of 230 kB. No page of ours uses its components."""
    sheet = (files("flask_bootstrap") / "static/bootstrap5/css/bootstrap.min.css").read_text("utf-8")
    head, end, _components = sheet.partition(_END_OF_REBOOT)
    return head + end
