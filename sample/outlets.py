"""The crawl's view of the sample web: ``outlets.yaml`` and ``hostile/outlets.yaml``, for any base port."""

from __future__ import annotations

import re

from sample.stories import BASE_PORT, FOLDER


def outlets(base_port: int = BASE_PORT, hostile: bool = False) -> str:
    """The text of the sample's ``outlets.yaml`` (or the hostile one) with ports from ``base_port`` up."""
    name = "hostile/outlets.yaml" if hostile else "outlets.yaml"
    text = (FOLDER / name).read_text(encoding="utf-8")
    return re.sub(
        r"(?<=http://127\.0\.0\.1:)(\d+)", lambda port: str(base_port + int(port[1]) - BASE_PORT), text
    )
