WITH words AS (SELECT usr, unnest(regexp_extract_all(cmd, '(/(?:srv|opt)(?:/[\w.-]+)*)', 1)) AS w FROM started),
paths AS (SELECT usr, regexp_replace(w, '[./]$', '') AS path FROM words WHERE w <> ''),
counts AS (SELECT path, usr, count(*) AS n FROM paths GROUP BY ALL)
SELECT path AS "Path", sum(n)::BIGINT AS "Total", json_group_object(usr, n) AS "ByAccount" FROM counts GROUP BY path
HAVING sum(n) > 3 ORDER BY 2 DESC, 1
