-- What the queries by hand read: `e` is every event, with `t` its time in ticks of 100 ns since 1970 and `d` its document.
-- A text that is missing is NULL here and '' in Kusto; whoever compares them knows.
CREATE TEMP VIEW e AS
SELECT time_ms * 10000 + ticks AS t,
       document::JSON AS d,
       "event.code" AS code,
       "winlog.channel" AS channel,
       "event.category" AS categories,
       "event.type" AS types,
       "host.name" AS host,
       "user.name" AS usr
FROM events;

-- The text at a path of a document.
CREATE TEMP MACRO f(document, path) AS json_extract_string(document, '$.' || path);

-- Processes that started, of any source.
CREATE TEMP VIEW started AS
SELECT t, d, code, host, usr,
       f(d, 'process.executable') AS exe,
       f(d, 'process.name') AS name,
       f(d, 'process.command_line') AS cmd,
       f(d, 'process.pid') AS pid,
       f(d, 'process.entity_id') AS guid,
       f(d, 'process.parent.executable') AS parent_exe,
       f(d, 'process.parent.name') AS parent_name,
       f(d, 'process.parent.command_line') AS parent_cmd,
       f(d, 'process.parent.pid') AS parent_pid
FROM e
WHERE list_contains(categories, 'process') AND list_contains(types, 'start');

-- Records of the Security log: the names that Windows gives to their data.
CREATE TEMP VIEW security AS
SELECT t, d, code::INTEGER AS id, host, d->'$.winlog.event_data' AS x, f(d, 'event.outcome') AS outcome
FROM e
WHERE channel = 'Security';

CREATE TEMP VIEW sysmon AS
SELECT t, d, code::INTEGER AS id, host, usr, d->'$.winlog.event_data' AS x,
       f(d, 'process.executable') AS exe, f(d, 'process.name') AS name
FROM e
WHERE channel = 'Microsoft-Windows-Sysmon/Operational';
