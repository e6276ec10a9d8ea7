"""The toy's suites belong to the toy: this repository's own run of pytest passes them by."""

from pathlib import Path


def pytest_ignore_collect(collection_path, config):
    return True if config.rootpath != Path(__file__).resolve().parent else None
