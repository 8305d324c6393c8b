SELECT host AS "Computer", channel AS "Log", count(*) AS "Events", min(t) AS "First", max(t) AS "Last",
       count(DISTINCT code) AS "Kinds", round((max(t) - min(t)) / 36e9, 2) AS "Hours"
FROM e WHERE channel <> '' AND channel <> 'Linux-Sysmon/Operational' GROUP BY 1, 2 ORDER BY 1, 2
