"""What each view tells, in one line. docs/schema.md has a line for every column."""

VIEWS = {
    "mention_overview": "every mention of a brand: text, author, counts, rates, sentiment, stance",
    "daily_brand_metrics": "a brand's day: mentions, engagement, sentiment, advocacy, stars",
    "engagement_by_platform": "a brand's day on one platform: mentions, counts, rates, sentiment",
    "advocacy_trend": "a brand's day: who recommends, who warns, and the share over 28 days",
    "share_of_voice": "a brand's day beside its competitors': who is talked about how much",
    "top_advocates": "the authors who recommend a brand, how often and how loudly",
    "source_health": "every source: state, last success, errors",
    "mention_topics": "every topic that a mention speaks of, with the sentences about it",
    "topic_sentiment": "a brand's day by topic: mentions and sentiment",
    "rising_terms": "words that a day uses more than the four weeks before",
}
