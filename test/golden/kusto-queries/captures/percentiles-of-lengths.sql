WITH l AS (SELECT host, length(cmd) AS n FROM started WHERE length(cmd) > 0),
m AS (SELECT host, quantile_disc(n, 0.95) AS p FROM l GROUP BY 1)
SELECT l.host AS "Dvc", count(*) AS "Long", max(n) AS "Max" FROM l JOIN m ON l.host = m.host WHERE n > p GROUP BY 1 ORDER BY 1
