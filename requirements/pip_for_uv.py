"""Prints what pip is configured to use as uv's environment variables, for a shell: uv does not read pip's configuration.

A machine whose pip knows a mirror, a folder of wheels or a proxy then has uv use the same. What is set for uv already stays.
"""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys

NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
ORDER = ("global", "install", ":env:")  # a later one counts more


def main() -> None:
    """One ``export NAME=VALUE`` a line."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, text=True)
    found = {}
    for line in listed.stdout.splitlines():  # global.find-links='/opt/wheels'
        key, _, value = line.partition("=")
        place, _, name = key.rpartition(".")
        if name in NAMES and place in ORDER:
            found[ORDER.index(place), name] = ast.literal_eval(value)
    settings = {NAMES[name]: value for (_, name), value in sorted(found.items())}
    for name, between in {"UV_INDEX": " ", "UV_INSECURE_HOST": " ", "UV_FIND_LINKS": ","}.items():  # there may be several
        if name in settings:
            settings[name] = between.join(settings[name].split())
    if "UV_INDEX" in settings:
        settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does: every index is asked, and the hashes decide
    for name, value in settings.items():
        if name not in os.environ:
            print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
