"""What holds for all tests: suites that run in a bottle, and no clock that decides about an example."""

from hypothesis import settings

from tests.bottled import (  # noqa: F401 - hooks
    pytest_runtest_protocol,
    pytest_runtest_teardown,
    pytest_sessionfinish,
    pytest_terminal_summary,
)

settings.register_profile("any machine", settings(), deadline=None)
settings.load_profile("any machine")
