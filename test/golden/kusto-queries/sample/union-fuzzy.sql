SELECT cmd AS "Text", 2 * count(*) AS "Rows" FROM started WHERE regexp_matches(lower(cmd), '(^|[^a-z0-9])curl([^a-z0-9]|$)') GROUP BY cmd
