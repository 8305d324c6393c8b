SELECT id AS "EventID", host AS "Computer", count(*) AS "Changes", list(DISTINCT f(x, 'SubjectUserName')) AS "Accounts"
FROM security WHERE id IN (4698, 4702) GROUP BY 1, 2 ORDER BY 1, 2
