SELECT f(x, 'ProcessName') AS "Process", count(*) AS "Times", count(*) AS "Nothings", count(DISTINCT f(x, 'ProcessId')) AS "Pids"
FROM security WHERE id = 4703 GROUP BY 1 ORDER BY 2 DESC, 1
