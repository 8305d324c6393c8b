WITH r AS (SELECT host, CASE id WHEN 13 THEN 'RegistryValueSet' ELSE 'RegistryKeyCreated' END AS what, name AS who FROM sysmon
           WHERE id IN (12, 13) AND lower(f(x, 'TargetObject')) LIKE '%minint%'),
p AS (SELECT host, 'ProcessCreated' AS what, name AS who FROM started WHERE lower(cmd) LIKE '%\control\minint%')
SELECT what AS "What", who AS "Who", host AS "Dvc", count(*) AS "Count" FROM (FROM r UNION ALL FROM p) GROUP BY 1, 2, 3
