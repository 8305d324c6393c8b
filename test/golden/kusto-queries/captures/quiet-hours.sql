WITH p AS (SELECT make_timestamp_ms(t // 10000) AS moment, t, host FROM started)
SELECT t // 864000000000 * 864000000000 AS "Day", host AS "Dvc", strftime(moment, '%Y-%m-%d') AS "Text", count(*) AS "Starts",
       list(DISTINCT hour(moment)::INTEGER) AS "Hours"
FROM p WHERE hour(moment) NOT BETWEEN 6 AND 19 OR dayofweek(moment) IN (0, 6) GROUP BY 1, 2, 3 ORDER BY 1, 2
