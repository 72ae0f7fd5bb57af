"""Every definition of a figure that ever was in force, as the database keeps them and docs/metrics.md shows them. Pure.

The formulas themselves are the functions of ``listener.metrics`` and the views of the database; tests hold them
against each other. What changed stays in the list below its newer version. ``metric`` is a column of the views.
"""

from collections.abc import Callable, Mapping
from typing import Any

from listener import metrics
from storage.records import Definition

HOOTSUITE = "Hootsuite, How to calculate engagement rate"
MENTIONLYTICS = "Mentionlytics, reach"
KAUSHIK = "Kaushik 2011, Best social media metrics"
BIRDEYE = "Birdeye and ReviewTrackers, review reports"


DEFINITIONS = (
    Definition("mentions", 2, "mentions that count: originals, not hidden, by nobody who is excluded", "count"),
    Definition("mentions", 1, "mentions that count: copies, too, not hidden, not by own accounts", "count"),
    Definition("copies", 2, "mentions that repeat another one (docs/metrics.md, Duplicates)", "count"),
    Definition("copies_engagement", 2, "engagement of the copies", "count"),
    Definition("authors", 2, "distinct authors of the period's originals", "count"),
    Definition("authors", 1, "distinct authors of a platform's day, added up over platforms and copies", "count"),
    Definition("engagement", 1, "likes + shares + comments, of those the platform gives", "count", "Talkwalker, engagement"),
    Definition("engagement_rate_by_views", 1, "mean of engagement / views of each mention", "share", HOOTSUITE),
    Definition("engagement_rate_by_followers", 1, "mean of engagement / author's followers of each mention", "share", HOOTSUITE),
    Definition("engagement_rate_by_reach", 2, "engagement of the mentions with known followers / reach", "share", HOOTSUITE),
    Definition("reach", 2, "author's followers, added up over mentions", "people", MENTIONLYTICS),
    Definition("unique_reach", 2, "author's followers, each author once", "people", MENTIONLYTICS),
    Definition("amplification", 2, "shares / mentions with known shares", "per mention", KAUSHIK),
    Definition("conversation", 2, "comments / mentions with known comments", "per mention", KAUSHIK),
    Definition("applause", 2, "likes / mentions with known likes", "per mention", KAUSHIK),
    Definition("net_sentiment", 1, "(positive - negative) / (positive + negative)", "-1 to 1", "Talkwalker, API guide"),
    Definition("advocacy", 1, "(promoting - detracting) / (promoting + detracting)", "-1 to 1", "Symanto, recommendation score"),
    Definition("advocacy_low", 1, "Wilson's 95 % interval of the promoting share p, lower end, as 2 p - 1", "-1 to 1", "Wilson 1927"),
    Definition("advocacy_high", 1, "Wilson's 95 % interval of the promoting share p, upper end, as 2 p - 1", "-1 to 1", "Wilson 1927"),
    Definition("share", 1, "the voice's mentions / mentions of brand and configured competitors", "share", "Hootsuite, Sprout: share of voice"),
    Definition("z", 1, "z-score of the log-odds ratio of day and 28 days before, Dirichlet prior", "deviations", "Monroe, Colaresi, Quinn 2008"),
    Definition("average_rating", 1, "stars, added up / mentions with stars", "1 to 5", BIRDEYE),
    Definition("stars_1", 2, "reviews with so many stars, halves rounded up; so stars_2 to stars_5", "count", BIRDEYE),
    Definition("reviews_7_days", 2, "reviews of the 7 days that end with this one / 7", "per day", BIRDEYE),
    Definition("reviews_28_days", 2, "reviews of the 28 days that end with this one / 28", "per day", BIRDEYE),
    Definition("response_rate", 2, "answered reviews / reviews whose platform shows answers", "share", BIRDEYE),
    Definition("response_hours", 2, "mean time from a review to its first public answer", "hours", BIRDEYE),
    Definition("previous", 2, "the same weekday a week before; as many days of the week before; the month before a day, times days", "mentions"),
    Definition("change", 2, "(mentions - previous) / previous", "share"),
    Definition("mean_7_days", 2, "mentions of the 7 days that end with the period / days of these in the history", "per day"),
    Definition("mean_28_days", 2, "mentions of the 28 days that end with the period / days of these in the history", "per day"),
)  # fmt: skip
"""The newer version of a metric before the older one."""

_RATE = (metrics.engagement_rate, metrics.mean_rate)

FUNCTIONS: Mapping[str, tuple[Callable[..., Any], ...]] = {
    "engagement": (metrics.engagement,),
    "engagement_rate_by_views": _RATE,
    "engagement_rate_by_followers": _RATE,
    "engagement_rate_by_reach": (metrics.engagement_rate,),
    "reach": (metrics.reach,),
    "unique_reach": (metrics.unique_reach,),
    "amplification": (metrics.amplification,),
    "conversation": (metrics.conversation,),
    "applause": (metrics.applause,),
    "net_sentiment": (metrics.net_sentiment,),
    "advocacy": (metrics.advocacy,),
    "advocacy_low": (metrics.wilson,),
    "advocacy_high": (metrics.wilson,),
    "share": (metrics.share_of_voice,),
    "z": (metrics.log_odds,),
    "average_rating": (metrics.average_rating,),
    "stars_1": (metrics.star_distribution,),
    "reviews_7_days": (metrics.velocity,),
    "reviews_28_days": (metrics.velocity,),
    "response_rate": (metrics.response_rate,),
    "response_hours": (metrics.response_time, metrics.mean_rate),
    "previous": (metrics.previous_period, metrics.previous),
    "mean_7_days": (metrics.moving_mean,),
    "mean_28_days": (metrics.moving_mean,),
}
"""What computes a metric; counts need no function."""
