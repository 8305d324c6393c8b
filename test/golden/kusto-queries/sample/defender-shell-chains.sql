SELECT parent_name || ' > ' || name AS "Chain", host AS "DeviceName", count(*) AS "Starts",
       max(length(cmd)) AS "Longest", min(length(cmd)) AS "Shortest"
FROM started WHERE parent_name IN ('sh', 'bash', 'dash', 'zsh') AND name IN ('sh', 'bash', 'dash', 'zsh') GROUP BY ALL
