WITH c AS (SELECT host, f(d, 'host.os.type') AS os, count(*) AS n FROM started WHERE host <> '' GROUP BY 1, 2)
SELECT os AS "DvcOs", json_group_object(host, n) AS "Facts", count(*) AS "Machines", max(n) AS "Most" FROM c GROUP BY 1
