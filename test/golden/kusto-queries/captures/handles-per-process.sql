WITH c AS (SELECT host, f(x, 'ProcessName') AS program, count(*) AS n FROM security WHERE id = 4656 GROUP BY 1, 2),
r AS (SELECT *, row_number() OVER (PARTITION BY host ORDER BY n DESC) AS rank FROM c)
SELECT host AS "Computer", sum(n)::BIGINT AS "Handles", count(*) AS "Programs" FROM r WHERE rank <= 2 GROUP BY 1 ORDER BY 1
