SELECT host AS "Computer", 'Microsoft-Windows-Sysmon/Operational' AS "EventLog", count(*) AS "Threads",
       min(t) AS "StartTime", max(t) AS "EndTime", max(t) - min(t) AS "Lasted"
FROM sysmon WHERE id = 8 GROUP BY 1
