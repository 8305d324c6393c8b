SELECT name AS "TargetProcessFilename", list(DISTINCT usr) AS "Users"
FROM started GROUP BY name HAVING count(*) = 1 ORDER BY name
