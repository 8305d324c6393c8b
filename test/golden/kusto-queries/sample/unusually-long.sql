WITH spread AS (
  SELECT name, avg(length(cmd)) AS m, stddev_samp(length(cmd)) AS s, quantile_disc(length(cmd), 0.5) AS half
  FROM started GROUP BY name HAVING count(*) >= 4 AND stddev_samp(length(cmd)) > 0
)
SELECT a.name AS "TargetProcessFilename", cmd AS "CommandLine", length(cmd) AS "Length", half AS "Half",
       round((length(cmd) - m) / s, 4) AS "Score"
FROM started a JOIN spread p ON a.name = p.name WHERE round((length(cmd) - m) / s, 4) > 1.2 ORDER BY 5 DESC, 1, 2
