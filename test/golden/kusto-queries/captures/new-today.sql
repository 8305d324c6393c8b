WITH p AS (SELECT lower(name) AS program, t, host FROM started),
moment AS (SELECT epoch_ms(TIMESTAMP '2022-08-04 04:00:00') * 10000 AS now)
SELECT program AS "Program", min(t) AS "FirstSeen", list(DISTINCT host) AS "Dvcs" FROM p, moment
WHERE t >= now - 864000000000 AND program NOT IN (SELECT coalesce(program, '') FROM p, moment WHERE t BETWEEN now - 630720000000000 AND now - 864000000000)
GROUP BY 1 ORDER BY 1
