"""A download as a folder, as a zip, and as a zip of a folder."""

import pytest

from tests.engine.intake.hand_ins import laid, zipped


@pytest.fixture(params=["folder", "zip", "zip of a folder"])
def download(request, tmp_path):
    """``download(files)`` is a path that holds them: a folder, a zip, a zip with one folder above."""

    def made(files):
        if request.param == "folder":
            return laid(tmp_path / "download", files)
        above = "download 1/" if request.param == "zip of a folder" else ""
        path = tmp_path / "download.zip"
        path.write_bytes(zipped({above + name: content for name, content in files.items()}))
        return path

    return made
