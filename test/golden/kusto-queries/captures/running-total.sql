WITH h AS (SELECT t // 36000000000 * 36000000000 AS hour, count(*) AS n FROM security WHERE id = 4624 AND f(x, 'LogonType') = '3' GROUP BY 1)
SELECT hour AS "Hour", n AS "Logons", sum(n) OVER (ORDER BY hour)::BIGINT AS "Total", lead(hour) OVER (ORDER BY hour) AS "Next" FROM h ORDER BY 1
