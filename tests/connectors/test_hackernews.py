"""Hacker News: the contract, and what is special about its search."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import responses

from connectors.base import Watch
from connectors.hackernews import HackerNews, Settings, parse
from listener.sandbox.platforms.hackernews import HackerNews as Face
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled


class TestContract(ContractSuite):
    connector = HackerNews
    face = Face
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def spoil(self, body: Any) -> Any:
        del body["hits"][0]["created_at_i"]
        return body
