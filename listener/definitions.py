"""Every definition of a figure that ever was in force, as the database keeps them and docs/metrics.md shows them. Pure.

The formulas themselves are the functions of ``listener.metrics`` and the views of the database; tests hold them
against each other. What changed stays in the list below its newer version.
"""

from storage.records import Definition

HOOTSUITE = "Hootsuite, How to calculate engagement rate"
MENTIONLYTICS = "Mentionlytics, reach"
KAUSHIK = "Kaushik 2011, Best social media metrics"
BIRDEYE = "Birdeye and ReviewTrackers, review reports"


DEFINITIONS = (
    Definition("mentions", 2, "mentions that count: no own accounts, nothing hidden, originals only", "count"),
    Definition("mentions", 1, "mentions that count: no own accounts, nothing hidden; copies, too", "count"),
    Definition("copies", 2, "mentions that repeat another one of the brand (docs/metrics.md, Duplicates)", "count"),
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
    Definition("stars_1", 2, "mentions with so many stars, rounded (stars_1 to stars_5)", "count", BIRDEYE),
    Definition("reviews_7_days", 2, "reviews of the 7 days that end with this one / 7 (velocity)", "a day", BIRDEYE),
    Definition("reviews_28_days", 2, "reviews of the 28 days that end with this one / 28 (velocity)", "a day", BIRDEYE),
    Definition("response_rate", 2, "answered / mentions of which it is known whether they were answered", "share", BIRDEYE),
    Definition("response_hours", 2, "mean time from publication to the first public answer", "hours", BIRDEYE),
    Definition("mean_7_days", 2, "mentions a day of the 7 days that end with the period", "a day"),
    Definition("mean_28_days", 2, "mentions a day of the 28 days that end with the period", "a day"),
    Definition("previous", 2, "the period before: the same weekday, the week, the month (a month as mean a day)", "as the figure"),
    Definition("change", 2, "(now - previous) / previous", "share"),
)  # fmt: skip
"""The newer version of a metric before the older one."""
