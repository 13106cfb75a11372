"""GET /v1/regions: the regions that there are feeds for."""

from flask import Blueprint, Response, request

from services.alerts import geojson
from services.alerts.views.answers import public
from services.alerts.views.context import tools, where
from shared.language import LANGUAGES
from shared.regions import Region

pages = Blueprint("places", __name__)
FRESH_S = 3600


@pages.get("/v1/regions")
def regions() -> Response:
    """Every region, or with `q` those of that name (English, Chinese or code)."""
    wanted = request.args.get("q", "").strip()
    found = tools().regions.search(wanted) if wanted else tools().regions.all()
    body = {"regions": [_region(region) for region in found]}
    return public(geojson.dumped(body), "application/json", for_s=FRESH_S)


def _region(region: Region) -> dict[str, object]:
    return {
        "code": region.code,
        "name": {code: region.name(code) for code in LANGUAGES},
        "parent": region.parent,
        "feeds": {
            suffix: where().feed(f"/v1/regions/{region.code}/alerts.{suffix}") for suffix in ("geojson", "json", "atom")
        },
    }
