"""HTML to plain text, the hostile kind included."""

import time

import pytest

from connectors.text import plain


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("just words", "just words"),
        ("I <3 it, 1 < 2 & 3 > 2", "I <3 it, 1 < 2 & 3 > 2"),
        ("&lt;b&gt; &amp;amp; &#x27;&quot; &nbsp;x", "<b> &amp; '\" x"),
        ("one<p>two<br>three</p><p>four", "one\ntwo\nthree\n\nfour"),
        ("a <b>bold</b>, <i>quiet</i>word", "a bold, quietword"),
        ("<p>one\n  line</p>", "one line"),
        ("x<script>if (a<b) alert('<p>')</script>y<style>p{}</style>z", "xyz"),
        ("x<!-- not this -->y<![CDATA[z", "xy"),
        ('<a href="https://e.org/a/b?c=1&amp;d=2">https://e.org/a/...</a>!', "https://e.org/a/b?c=1&d=2!"),
        ('<a href="https://e.org/a">click...</a>', "click..."),
        ("<a>...</a> and </a> so on", "... and so on"),
        ('<a href="https://m.example/@ada">@<span>ada</span></a> hi', "@ada hi"),
        ("unfinished <a href='", "unfinished"),
        ("", ""),
    ],
)
def test_plain(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "</", "<a href='", "&", "<a>x...", "</a>", "<script>"])
def test_time_grows_with_the_length_only(piece: str) -> None:
    began = time.monotonic()
    plain(piece * 30_000)
    assert time.monotonic() - began < 2
