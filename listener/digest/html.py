"""The digest as an HTML mail: a page whose pictures are named by content-id, and the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from listener.digest import present, tables
from listener.digest.data import DigestData
from listener.digest.formats import DOT
from listener.digest.texts import Texts
from storage.records import Language


@dataclass(frozen=True, slots=True)
class Html:
    """A page, and its pictures (PNG) by the content-id that stands behind ``cid:`` in it."""

    html: str
    images: Mapping[str, bytes]


def render_html(data: DigestData, language: Language) -> Html:
    """The whole digest; whatever came from outside is escaped, and linked only to http and https."""
    images = {} if data.is_empty else _chart(data, language)
    page = _template().render(
        data=data, t=Texts(language), present=present, tables=tables, dot=DOT, chart=next(iter(images), None)
    )
    return Html(_inliner().inline(page), images)


def _chart(data: DigestData, language: Language) -> dict[str, bytes]:
    from listener.digest.charts import volume_chart  # noqa: PLC0415 - matplotlib is slow to import

    png = volume_chart(data.volume, language)
    return {f"volume-{blake2b(png, digest_size=8).hexdigest()}@digest": png}


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("listener.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("digest.html.j2")


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
