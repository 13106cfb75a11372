"""GET /v1/certificate.pem: the certificate that our CAP messages are signed with."""

from flask import Blueprint, Response
from flask_babel import gettext

from services.alerts.views.answers import public
from services.alerts.views.context import tools
from shared.certificate import load_certificate
from shared.errors import ConfigError
from shared.http import Problem

pages = Blueprint("certificate", __name__)
MEDIA_TYPE = "application/x-pem-file"
FRESH_S = 3600


@pages.get("/v1/certificate.pem")
def certificate() -> Response:
    try:
        pem = load_certificate(tools().room.settings.home / "keys")
    except ConfigError as error:
        raise Problem(404, gettext("There is no certificate"), gettext("Ask whoever runs this service.")) from error
    return public(pem, MEDIA_TYPE, for_s=FRESH_S)
