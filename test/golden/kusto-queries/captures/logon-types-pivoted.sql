SELECT host AS "Computer", count(*) FILTER (f(x, 'LogonType') = '2') AS "Type2", count(*) FILTER (f(x, 'LogonType') = '3') AS "Type3",
       count(*) FILTER (f(x, 'LogonType') = '5') AS "Type5"
FROM security WHERE id = 4624 GROUP BY 1 ORDER BY 1
