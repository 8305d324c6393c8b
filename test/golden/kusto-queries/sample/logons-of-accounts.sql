SELECT CASE WHEN list_contains(types, 'end') THEN 'Logoff' ELSE 'Logon' END AS "EventType",
       CASE f(d, 'event.outcome') WHEN 'failure' THEN 'Failure' ELSE 'Success' END AS "EventResult",
       host AS "Dvc", count(*) AS "Count", min(t) AS "First", max(t) AS "Last"
FROM e WHERE list_contains(categories, 'authentication') GROUP BY 1, 2, 3 ORDER BY 1
