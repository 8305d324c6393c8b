WITH l AS (SELECT t, host, f(x, 'TargetDomainName') || '\' || f(x, 'TargetUserName') AS account, f(x, 'LogonType')::INTEGER AS type
           FROM security WHERE id = 4624 AND f(x, 'TargetUserName') NOT LIKE '%$')
SELECT host AS "Computer", account AS "Account", min(t) AS "First", min(type) AS "FirstType", count(*) AS "Logons"
FROM l GROUP BY 1, 2 HAVING count(*) < 10
