"""A digest's data as the phrases that the text, the HTML and the mail share."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from listener.digest.answers import REACH
from listener.digest.clean import link, one_line
from listener.digest.data import (
    Answer,
    DigestData,
    Measure,
    MentionLine,
    RisingTerm,
    SourceLine,
    Trouble,
)
from listener.digest.formats import DOT, NBSP
from listener.digest.tables import COUNTED, change, platform
from listener.digest.texts import Texts


@dataclass(frozen=True, slots=True)
class Block:
    """A mention as phrases; ``link`` is an address that may be followed, ``address`` one that may only be read."""

    reasons: str
    platform: str
    author: str
    about: str
    text: str
    counts: str
    link: str | None
    address: str | None


def brand(data: DigestData) -> str:
    return one_line(data.brand, 60)


def summary(data: DigestData, t: Texts) -> list[str]:
    """What the day comes to, in a few phrases."""
    if data.is_empty:
        phrases = [t("no_mentions")]
    else:
        mentions = data.figure(Measure.MENTIONS)
        phrases = [t.count("mentions", int(mentions.value or 0))]
        if mentions.day_before is not None:
            phrases[0] += f" ({t('against_day_before', change=change(mentions, mentions.day_before, t))})"
    if data.answers_total:
        phrases.append(t.count("to_answer", data.answers_total))
    if data.sources:
        phrases.append(t.count("sources_in_trouble", len(data.sources)))
    return phrases


def subject(data: DigestData, t: Texts) -> str:
    """Brand, date and headline on one line."""
    return f"{brand(data)}, {t.full_date(data.day)}: {DOT.join(summary(data, t))}".replace(NBSP, " ")


def answer_block(answer: Answer, data: DigestData, t: Texts) -> Block:
    return block(answer.mention, data, t, reasons=", ".join(map(t, answer.reasons)))


def block(mention: MentionLine, data: DigestData, t: Texts, reasons: str = "") -> Block:
    time = t.time(mention.published_at, ZoneInfo(data.timezone))
    reach = None if mention.followers is None else t("followers", n=t.number(mention.followers))
    title = mention.title if mention.title and not mention.excerpt.startswith(mention.title) else None
    target = link(mention.url)
    return Block(
        reasons=reasons,
        platform=platform(mention.platform),
        author=mention.author or t("anonymous"),
        about=DOT.join(filter(None, (reach, time))),
        text=t("quoted", text=": ".join(filter(None, (title, mention.excerpt)))),
        counts=DOT.join(_counts(mention, t)),
        link=target,
        address=None if target else mention.url,
    )


def rising_block(term: RisingTerm, data: DigestData, t: Texts) -> Block:
    """A rising term with its count in the place of the example's."""
    authors = t.count("rising_authors", term.documents)
    expected = t.number(term.expected, 1 if term.expected >= 0.1 else 2)
    count = t("rising_count", authors=authors, expected=expected)
    if not term.expected:
        count = t("rising_new", authors=authors)
    if not term.examples:
        return Block(term.term, "", "", "", "", count, None, None)
    return replace(block(term.examples[0], data, t, reasons=term.term), counts=count)


def _counts(mention: MentionLine, t: Texts) -> Iterator[str]:
    if mention.rating is not None:
        yield t("rating", n=t.number(mention.rating, 0 if mention.rating.is_integer() else 1))
    if mention.engagement is None and mention.views is None:
        yield t("no_counts", unknown=t.unknown)
    for key in COUNTED:
        count = getattr(mention, key)
        if count is not None:
            yield t.count(key, count)
    if mention.sentiment is None:
        yield t("unscored")
    else:
        yield t(mention.sentiment)


def source_line(source: SourceLine, data: DigestData, t: Texts) -> tuple[str, str, str]:
    """(what is wrong, since when, the error line or nothing)."""
    silent = source.trouble == Trouble.SILENT
    key, seen = ("new", source.last_new_at) if silent else ("ok", source.last_ok_at)
    when = t.moment(seen, ZoneInfo(data.timezone))
    since = t(f"never_{key}") if seen is None else t(f"last_{key}", when=when)
    return t(source.trouble), since, source.error or ""


def sources_well(data: DigestData, t: Texts) -> str:
    return t.count("sources_well", data.sources_total) if data.sources_total else t("no_sources")


def notes(data: DigestData, t: Texts) -> list[str]:
    """A sentence for each thing that is missing from the figures."""
    return [t.count(f"note.{key}", n) for key, n in data.notes if n]


def glossary(data: DigestData, t: Texts) -> list[tuple[str, str]]:
    """(label, explanation) of every figure shown."""
    measures = [(t(figure.measure), t(f"explain.{figure.measure}")) for figure in data.figures]
    return [
        *measures,
        ("n", t("explain.basis", unknown=t.unknown)),
        (t("answers"), t("explain.answers", reach=t.number(REACH))),
        *((t(key), t(f"explain.{key}")) for key in ("topics", "rising") if getattr(data, key)),
    ]


def footer(data: DigestData, t: Texts) -> str:
    return t("footer", version=str(data.metrics_version), timezone=data.timezone)
