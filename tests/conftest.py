"""How the tests are dealt out to processes: what loads the real models to one, the rest by file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from host_page import Host
    from playwright.sync_api import Browser, Page


_LONG = (
    "test_browser_window.py",
    "test_browser_hosts.py",
    "test_browser_widget.py",
    "test_owner_pages.py",
    "test_browser_owner.py",
    "test_evaluate_report.py",
    "test_keeping.py",
)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of the tests' own, with the real models."""
    from assistant.settings import default_home

    models = Path(os.environ.get("STRATEGY_ASSISTANT_HOME") or default_home()) / "models"
    if not models.is_dir():
        pytest.skip("the models are not here; run: strategy-assistant models pull")
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(models)
    return home


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A real Chromium, one for each file of browser tests."""
    from chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def host() -> "Iterator[Host]":
    """A page of another site that carries the widget."""
    from host_page import hosting

    with hosting() as host:
        yield host


@pytest.fixture
def opened(browser: "Browser", host: "Host", tmp_path: Path) -> "Iterator[Callable[..., Page]]":
    """Opens that page, as ``host_page.opening`` has it."""
    from host_page import opening

    with opening(browser, host, tmp_path) as open_:
        yield open_


@pytest.hookimpl(tryfirst=True)  # Before the groups are read.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Names each test's group for ``--dist loadgroup``; without it nothing changes.

    The models take gigabytes and both cores, so two of them never run at once. Tests of one file share what they set
    up. The longest groups go first, so that no process is left alone with one in the end.
    """
    # Where tests are collected, in the processes that run them, ``dist`` is always "no".
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = "models" if item.get_closest_marker("models") else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (item.get_closest_marker("models") is None, item.path.name not in _LONG))
