"""Recorded answers replayed below the client libraries, and read on their own to compare with.

They hold the words of real people: tests compare them and never spell them out.
"""

import gzip
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vcr
import yaml


def replay(cassette: Path) -> AbstractContextManager[Any]:
    """A context in which requests are answered from the cassette, by method, host and path."""
    player = vcr.VCR(
        serializer=cassette.suffix.lstrip("."),
        record_mode=vcr.mode.NONE,
        match_on=("method", "host", "path"),
        decode_compressed_response=True,
    )
    context: AbstractContextManager[Any] = player.use_cassette(str(cassette), allow_playback_repeats=True)
    return context


def answers(cassette: Path, part: str) -> list[tuple[str, Any]]:
    """(path, decoded body) of the cassette's GET answers whose path contains ``part``."""
    text = cassette.read_text()
    tape = json.loads(text) if cassette.suffix == ".json" else yaml.safe_load(text)
    found = []
    for interaction in tape["interactions"]:
        path = urlsplit(interaction["request"]["uri"]).path
        if interaction["request"]["method"] == "GET" and part in path:
            body = interaction["response"]["body"]["string"]
            packed = isinstance(body, bytes) and body.startswith(b"\x1f\x8b")
            found.append((path, json.loads(gzip.decompress(body) if packed else body)))
    return found
