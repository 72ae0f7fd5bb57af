-- Which topics annoy people?
-- Topics by the share of negative mentions among those whose sentences about the topic were scored.
SELECT topic, sum(mentions) AS mentions, sum(negative) AS negative, sum(positive) AS positive,
  round(1.0 * sum(negative) / nullif(sum(positive + neutral + negative), 0), 3) AS negative_share
FROM topic_sentiment
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY topic
ORDER BY negative_share DESC, mentions DESC
