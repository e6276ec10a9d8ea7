"""Options of the engine's tests."""


def pytest_addoption(parser):
    parser.addoption(
        "--tiers",
        choices=("all", "strongest", "weaker"),
        default="all",
        help="what asks the wall at a tier asks it at all that this machine offers, the strongest, or the others alone",
    )
