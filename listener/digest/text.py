"""The digest as plain text, at most ``WIDTH`` columns wide (a long address may stand out)."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from listener.digest import present, tables
from listener.digest.data import DigestData, MentionLine
from listener.digest.formats import DOT, NBSP
from listener.digest.texts import Texts
from storage.records import Language

WIDTH = 90
INDENT = 4


def render_text(data: DigestData, language: Language) -> str:
    """The whole digest; a day without mentions is told in few lines."""
    t = Texts(language)
    lines = [
        DOT.join((present.brand(data), t("title"), t.long_date(data.day))),
        *_wrap(DOT.join(present.summary(data, t))),
    ]
    if not data.is_empty:
        lines += _body(data, t)
    lines += _health(data, t)
    if not data.is_empty:
        lines += _section(t("glossary"), _glossary(data, t))
    lines += ["", *_wrap(present.footer(data, t))]
    return "\n".join(lines).replace(NBSP, " ") + "\n"


def _body(data: DigestData, t: Texts) -> Iterator[str]:
    yield from _section(t("answers"), _answers(data, t))
    yield from _section(t("figures"), _table([tables.figure_header(t), *tables.figure_rows(data, t)]))
    if data.topics:
        yield from _section(t("topics"), _table([tables.topic_header(t), *tables.topic_rows(data, t)]))
    if data.rising:
        yield from _section(t("rising"), _rising(data, t))
    platforms = [tables.platform_header(t), *tables.platform_rows(data, t)]
    yield from _section(t("platforms"), _table(platforms))
    stances = [tables.advocacy_header(t), *tables.advocacy_rows(data, t)]
    yield from _section(t("advocacy_section"), _table(stances))
    if data.voices:
        yield from _section(t("voices"), _table([tables.voice_header(t), *tables.voice_rows(data, t)]))
    yield from _section(t("top_positive"), _mentions(data.positive, data, t))
    yield from _section(t("top_negative"), _mentions(data.negative, data, t))


def _health(data: DigestData, t: Texts) -> Iterator[str]:
    yield from _section(t("sources"), _sources(data, t))
    notes = present.notes(data, t)
    if notes:
        yield from _section(t("notes"), (line for note in notes for line in _wrap(note)))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", title, "-" * len(title))
    yield from lines


def _answers(data: DigestData, t: Texts) -> Iterator[str]:
    if not data.answers:
        yield t("answers_none")
    for number, answer in enumerate(data.answers, 1):
        yield from _block(f"{number}.", present.answer_block(answer, data, t))
    rest = data.answers_total - len(data.answers)
    if rest:
        yield t.count("answers_more", rest)


def _mentions(mentions: Sequence[MentionLine], data: DigestData, t: Texts) -> Iterator[str]:
    if not mentions:
        yield t("none")
    for number, mention in enumerate(mentions, 1):
        yield from _block(f"{number}.", present.block(mention, data, t))


def _rising(data: DigestData, t: Texts) -> Iterator[str]:
    for number, term in enumerate(data.rising, 1):
        yield from _block(f"{number}.", present.rising_block(term, data, t))


def _block(number: str, block: present.Block) -> Iterator[str]:
    head = DOT.join(filter(None, (block.reasons, block.platform, block.author, block.about)))
    first, *rest = _wrap(head, INDENT)
    yield f"{number:<{INDENT}}{first[INDENT:]}"
    yield from rest
    yield from _wrap(block.text, INDENT)
    yield from _wrap(block.counts, INDENT)
    if block.link or block.address:
        yield f"{' ' * INDENT}{block.link or block.address}"


def _sources(data: DigestData, t: Texts) -> Iterator[str]:
    if not data.sources:
        yield present.sources_well(data, t)
    for source in data.sources:
        what, since, error = present.source_line(source, data, t)
        yield from _wrap(f"{source.name} ({source.connector}): {what}; {since}")
        yield from _wrap(error, INDENT)


def _glossary(data: DigestData, t: Texts) -> Iterator[str]:
    for label, explanation in present.glossary(data, t):
        yield from _wrap(f"{label}: {explanation}")


def _wrap(text: str, indent: int = 0) -> list[str]:
    margin = " " * indent
    return wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell: the first flush left, numbers flush right, a last basis left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    prose = not rows[0][-1]
    for row in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)]
        cells[0] = f"{row[0]:<{widths[0]}}"
        if prose:
            cells[-1] = row[-1]
        yield "  ".join(cells).rstrip()
