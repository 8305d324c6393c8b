WITH served AS (
  SELECT cmd, usr,
         coalesce(TRY_CAST(nullif(regexp_extract(cmd, 'http\.server\s+(?:-b\s+\S+\s+)?(\d{2,5})', 1), '') AS INTEGER), 8000) AS port,
         CASE WHEN regexp_matches(cmd, '(^|[^A-Za-z0-9])(-b|--bind)([^A-Za-z0-9]|$)')
              THEN regexp_extract(cmd, '(?:-b|--bind)\s+(\S+)', 1) ELSE '0.0.0.0' END AS bind
  FROM started WHERE regexp_matches(cmd, '(^|[^A-Za-z0-9])http\.server([^A-Za-z0-9]|$)')
)
SELECT port AS "Port",
       CASE WHEN regexp_matches(bind, '^(10|192\.168)\.') THEN 'private' WHEN bind LIKE '127.%' THEN 'loopback'
            WHEN bind = '0.0.0.0' THEN 'any' ELSE 'other' END AS "Scope",
       count(*) AS "Times", count(DISTINCT usr) AS "Accounts", min(length(cmd)) AS "Shortest"
FROM served GROUP BY ALL ORDER BY 1, 2
