SELECT usr AS "ActorUsername", round(100.0 * count(*) / (SELECT count(*) FROM started), 2) AS "Share"
FROM started GROUP BY usr ORDER BY count(*) DESC
