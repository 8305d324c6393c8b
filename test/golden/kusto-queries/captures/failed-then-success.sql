WITH failed AS (SELECT t, host, f(x, 'TargetUserName') AS who, f(x, 'SubStatus') AS why FROM security WHERE id = 4625),
worked AS (SELECT t, host, f(x, 'TargetUserName') AS who FROM security WHERE id = 4624 AND f(x, 'LogonType') <> '5')
SELECT f.host AS "Computer", f.who AS "Failed", f.why AS "SubStatus", list(DISTINCT w.who) AS "Worked", min(w.t) AS "First"
FROM failed f LEFT JOIN worked w ON f.host = w.host
WHERE w.t IS NULL OR w.t BETWEEN f.t AND f.t + 36000000000
GROUP BY 1, 2, 3
