SELECT t // 300000000 * 300000000 AS "TimeGenerated", usr AS "ActorUsername", count(*) AS "Programs",
       count(DISTINCT exe) AS "Different"
FROM started WHERE usr <> '' GROUP BY 1, 2 ORDER BY 1, 2
