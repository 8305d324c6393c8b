WITH total AS (SELECT usr, count(*) AS n FROM started GROUP BY usr),
own AS (SELECT name, min(usr) AS usr, count(*) AS runs FROM started GROUP BY name HAVING count(DISTINCT usr) = 1)
SELECT o.usr AS "ActorUsername", o.name AS "TargetProcessFilename", runs AS "Runs", round(100.0 * runs / n, 2) AS "Share"
FROM own o JOIN total t ON t.usr = o.usr WHERE round(100.0 * runs / n, 2) >= 2 ORDER BY 1, 2
