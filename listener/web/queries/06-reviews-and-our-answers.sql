-- How many stars do we get, and how fast do we answer?
-- Empty where a platform does not show answers: that is unknown, not zero.
SELECT platform, sum(reviews) AS reviews,
  round(sum(average_rating * reviews) / sum(reviews), 2) AS average_rating,
  sum(stars_1) AS stars_1, sum(stars_2) AS stars_2, sum(stars_3) AS stars_3, sum(stars_4) AS stars_4, sum(stars_5) AS stars_5,
  round(1.0 * sum(answered) / nullif(sum(answerable), 0), 3) AS response_rate,
  round(sum(response_hours * response_hours_n) / nullif(sum(response_hours_n), 0), 1) AS response_hours
FROM review_metrics
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY platform
ORDER BY reviews DESC
