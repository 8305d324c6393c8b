WITH q AS (
  SELECT host, lower(concat_ws(' ', f(d, 'file.path'), f(d, 'process.executable'), f(d, 'process.command_line'), f(d, 'process.parent.name'))) AS text
  FROM e WHERE list_contains(categories, 'file') AND list_has_any(types, ['creation', 'change', 'deletion'])
)
SELECT host AS "DeviceName", count(*) AS "Count" FROM q
WHERE regexp_matches(text, '(^|[^a-z0-9])payload([^a-z0-9]|$)') GROUP BY 1
