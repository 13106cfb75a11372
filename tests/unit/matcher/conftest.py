"""For the matcher's tests: every pack that may be installed without a licence question, installed once."""

import os
from pathlib import Path

import pytest

from services.matcher.manifests import MANIFESTS
from services.matcher.packs import install_pack
from shared.config import Settings

OWN = [name for name, manifest in MANIFESTS.items() if not manifest.accept]


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder of the models, with all packs of OWN in it."""
    models = Path(os.environ["HOMEWARD_MODELS"])
    for name in OWN:
        install_pack(Settings(models=models), name, print)
    return models
