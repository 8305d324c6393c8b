WITH p AS (SELECT usr, t - lag(t) OVER (PARTITION BY usr ORDER BY t) AS pause FROM started)
SELECT usr AS "ActorUsername", count(*) AS "Starts", max(pause) AS "Longest",
       (sum(pause) // count(pause))::BIGINT AS "Mean", (max(pause) // 10000000)::INTEGER AS "Seconds"
FROM p GROUP BY usr ORDER BY 1
