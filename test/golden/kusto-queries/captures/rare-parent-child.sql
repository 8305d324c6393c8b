SELECT parent_name AS "InitiatingProcessFileName", name AS "FileName", min(t) AS "Timestamp", min(cmd) AS "ProcessCommandLine"
FROM started WHERE parent_name <> '' GROUP BY 1, 2 HAVING count(*) = 1 ORDER BY 1, 2
