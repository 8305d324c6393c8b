WITH shells AS (SELECT * FROM started WHERE name IN ('sh', 'bash', 'dash'))
SELECT a.name AS "Outer", count(*) AS "Chains", list(DISTINCT c.name) AS "Leaves"
FROM shells a
JOIN shells b ON b.parent_pid = a.pid
JOIN started c ON c.parent_pid = b.pid AND c.name NOT IN ('sh', 'bash', 'dash')
GROUP BY a.name ORDER BY 1
