WITH made AS (
  SELECT lower(f(d, 'file.directory')) AS folder, lower(regexp_extract(f(d, 'file.name'), '\.(\w+)$', 1)) AS extension, f(d, 'file.name') AS name
  FROM e WHERE list_contains(categories, 'file') AND list_contains(types, 'creation')
)
SELECT CASE WHEN regexp_matches(folder, '\\windows([^a-z0-9]|$)') THEN 'Windows' WHEN folder LIKE '%\temp%' THEN 'Temp'
            WHEN folder LIKE 'c:\program files%' THEN 'Programs' ELSE 'elsewhere' END AS "Place",
       extension AS "Extension", count(*) AS "Files", count(DISTINCT name) AS "Names"
FROM made WHERE extension IN ('exe', 'dll', 'ps1', 'bat', 'vbs', 'js', 'lnk') GROUP BY 1, 2 ORDER BY 1, 2
