"""What each made-up platform gives of its posts, as the connectors of the same names do; the rest is unknown."""

from dataclasses import dataclass

from storage.records import Kind


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform's posts of one kind."""

    name: str
    kind: Kind
    share: float
    """Of all posts; the shares sum to 1."""
    url: str
    likes: bool = False
    shares: bool = False
    comments: bool = False
    views: bool = False
    followers: bool = False
    says_language: bool = False
    stars: bool = False
    shows_answers: bool = False
    titled: bool = False


PLATFORMS = (
    Platform(
        "x", Kind.POST, 0.24, "https://x.example/i/status/", likes=True, shares=True, comments=True, views=True,
        followers=True, says_language=True,
    ),
    Platform(
        "bluesky", Kind.POST, 0.10, "https://bsky.example/post/", likes=True, shares=True, comments=True,
        followers=True, says_language=True,
    ),
    Platform(
        "mastodon", Kind.POST, 0.06, "https://social.example/@", likes=True, shares=True, comments=True,
        followers=True, says_language=True,
    ),
    Platform("reddit", Kind.COMMENT, 0.12, "https://reddit.example/c/", likes=True),
    Platform("reddit", Kind.POST, 0.03, "https://reddit.example/p/", likes=True, comments=True, titled=True),
    Platform("youtube", Kind.COMMENT, 0.10, "https://youtube.example/c/", likes=True),
    Platform(
        "youtube", Kind.POST, 0.02, "https://youtube.example/w/", likes=True, comments=True, views=True, titled=True
    ),
    Platform("instagram", Kind.POST, 0.06, "https://instagram.example/p/", likes=True, comments=True),
    Platform("facebook", Kind.POST, 0.06, "https://facebook.example/", likes=True, shares=True, comments=True),
    Platform("hackernews", Kind.COMMENT, 0.02, "https://hn.example/item/"),
    Platform(
        "discourse", Kind.POST, 0.02, "https://forum.example/p/", likes=True, comments=True, views=True, titled=True
    ),
    Platform(
        "trustpilot", Kind.REVIEW, 0.03, "https://trust.example/r/", likes=True, stars=True, shows_answers=True,
        titled=True,
    ),
    Platform("google_play", Kind.REVIEW, 0.06, "https://play.example/r/", likes=True, stars=True, shows_answers=True),
    Platform("appstore", Kind.REVIEW, 0.03, "https://apps.example/r/", likes=True, stars=True, titled=True),
    Platform("rss", Kind.ARTICLE, 0.05, "https://news.example/a/", titled=True),
)  # fmt: skip
