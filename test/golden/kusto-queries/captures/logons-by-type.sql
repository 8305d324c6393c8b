SELECT CASE f(x, 'LogonType') WHEN '2' THEN 'Interactive' WHEN '3' THEN 'Network' WHEN '4' THEN 'Batch' WHEN '5' THEN 'Service'
            WHEN '7' THEN 'Unlock' WHEN '8' THEN 'NetworkCleartext' WHEN '9' THEN 'NewCredentials' WHEN '10' THEN 'RemoteInteractive'
            WHEN '11' THEN 'CachedInteractive' END AS "Name",
       host AS "Computer", count(*) AS "Logons", count(DISTINCT f(x, 'TargetUserName')) AS "Accounts",
       coalesce(list(DISTINCT f(x, 'IpAddress')) FILTER (f(x, 'IpAddress') <> '-'), []) AS "Addresses"
FROM security WHERE id = 4624 GROUP BY 1, 2 ORDER BY 3 DESC, 2, 1
