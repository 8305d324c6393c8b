WITH counts AS (
  SELECT usr, t - t % 100000000 AS w, count(*) AS n, count(DISTINCT name) AS names FROM started GROUP BY ALL
), usual AS (SELECT usr, avg(n) AS a, count(*) AS windows FROM counts GROUP BY usr)
SELECT c.usr AS "ActorUsername", w AS "Window", n AS "Starts", names AS "Programs", round(n / a, 3) AS "Ratio"
FROM counts c JOIN usual u ON c.usr = u.usr WHERE n / a > 1.5 AND windows > 2 ORDER BY w, c.usr
