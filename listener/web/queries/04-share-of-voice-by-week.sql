-- How loud are we beside our competitors, week by week?
-- A week is named by its Monday; a voice's share is of all mentions of the panel.
SELECT date(day, 'weekday 0', '-6 days') AS monday, voice, sum(mentions) AS mentions,
  round(1.0 * sum(mentions) / sum(sum(mentions)) OVER (PARTITION BY date(day, 'weekday 0', '-6 days')), 3) AS share
FROM share_of_voice
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY monday, voice
ORDER BY monday, share DESC
