"""Words of the alert's page."""

import pytest

from shared.web.alertpage import to_call


@pytest.mark.parametrize(
    ("contact", "html"),
    [
        ("Police, +46 (0)31 12 34 56", 'Police, <a href="tel:+4631123456">+46 (0)31 12 34 56</a>'),
        ("112 · HW-2026-000005", '<a href="tel:112">112</a> · HW-2026-000005'),
        ("拨打110或0571-12345", '拨打<a href="tel:110">110</a>或<a href="tel:057112345">0571-12345</a>'),
        ("<b> 7", "&lt;b&gt; 7"),
    ],
)
def test_a_telephone_number_can_be_called(contact: str, html: str) -> None:
    assert to_call(contact) == html
