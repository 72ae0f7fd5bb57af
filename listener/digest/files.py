"""The digest as files in a folder: a page that opens by double click, plain text, and the data."""

import os
import re
import unicodedata
from base64 import b64encode
from datetime import date
from hashlib import blake2b
from pathlib import Path

from listener.digest.data import DigestData
from listener.digest.html import Html, render_html
from listener.digest.text import render_text
from storage.records import Language

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def write(folder: Path, data: DigestData, language: Language) -> list[Path]:
    """Write ``2026-11-21-sonnenkorn.html``, ``.txt`` and ``.json``, each whole or not at all.

    The page holds its pictures in itself, so that it can be moved and forwarded. Returns the paths; the
    folder is made where it is missing; files of the same brand and day are replaced.
    """
    contents = {
        "html": embed(render_html(data, language)),
        "txt": render_text(data, language),
        "json": data.model_dump_json(indent=2) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _replace(folder / f"{stem(data.brand, data.day)}.{ending}", text) for ending, text in contents.items()
    ]


def exists(folder: Path, data: DigestData) -> bool:
    """Whether the digest's files are in the folder."""
    return any(folder.glob(f"{stem(data.brand, data.day)}.*"))


def embed(page: Html) -> str:
    """The page with its pictures as ``data:`` addresses."""
    html = page.html
    for content_id, png in page.images.items():
        html = html.replace(f'"cid:{content_id}"', f'"data:image/png;base64,{b64encode(png).decode()}"')
    return html


def stem(brand: str, day: date) -> str:
    """A file name without its ending."""
    return f"{day.isoformat()}-{slug(brand)}"


def slug(brand: str) -> str:
    """Lower-case ASCII letters, digits and hyphens, different for every brand.

    "Sonnenkorn" is ``sonnenkorn``. What does not come back from its slug by capitals and spaces alone gets
    a short hash, so that two brands which read alike stay apart.
    """
    ascii_only = unicodedata.normalize("NFKD", brand.lower().translate(_GERMAN)).encode("ascii", "ignore")
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_only.decode())[:60].strip("-")
    if plain.replace("-", " ").title() == brand:
        return plain
    mark = blake2b(brand.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{plain}-{mark}" if plain else mark


def _replace(path: Path, text: str) -> Path:
    """Write beside the file, then take its place: a reader sees the old text or the new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path
