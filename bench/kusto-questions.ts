/**
 * Questions over stored events, in Kusto and in the SQL that somebody who knows the store writes for them: what the
 * translation is measured against.
 *
 * Both give the same rows, in any order unless the question sorts; times as ticks, a missing text as ''. The SQL was
 * written before the translation was looked at, and is changed only where it asks something else than the Kusto does.
 */
export interface Question {
  readonly name: string;
  readonly kusto: string;
  /** Over `events`. */
  readonly sql: string;
  /** Whether the rows come in an order that leaves nothing open. */
  readonly isOrdered?: true;
}

const PROCESS = `list_contains("event.category", 'process') AND list_contains("event.type", 'start')`;
const NETWORK = `list_contains("event.category", 'network') AND list_has_any("event.type", ['start', 'connection'])`;
const LOGON = `list_contains("event.category", 'authentication')`;
const TIME = 'time_ms * 10000 + ticks';

export const QUESTIONS: readonly Question[] = [
  {
    name: 'processes an hour',
    kusto: 'imProcessCreate | summarize Count = count() by bin(TimeGenerated, 1h) | sort by TimeGenerated asc',
    sql: `SELECT time_ms // 3600000 * 36000000000 AS hour, count(*) FROM events WHERE ${PROCESS} GROUP BY 1 ORDER BY 1`,
    isOrdered: true,
  },
  {
    name: 'contains, by host and user',
    kusto: `imProcessCreate | where CommandLine contains "HTTP.Server"
      | summarize Count = count() by DvcHostname, ActorUsername`,
    sql: `SELECT coalesce("host.name", ''), coalesce("user.name", ''), count(*) FROM events
      WHERE ${PROCESS} AND contains(lower("process.command_line"), 'http.server') GROUP BY 1, 2`,
  },
  {
    name: 'has',
    kusto: 'imProcessCreate | where CommandLine has "nginx" | summarize Count = count() by DvcHostname',
    sql: `SELECT coalesce("host.name", ''), count(*) FROM events
      WHERE ${PROCESS} AND contains(lower("process.command_line"), 'nginx')
        AND regexp_matches(lower("process.command_line"), '(^|[^\\p{L}\\p{N}])nginx($|[^\\p{L}\\p{N}])') GROUP BY 1`,
  },
  {
    name: 'most frequent programs',
    kusto: `imProcessCreate
      | summarize Count = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by TargetProcessName
      | sort by Count desc, TargetProcessName asc | take 10`,
    sql: `SELECT coalesce("process.executable", '') AS program, count(*) AS number, min(${TIME}), max(${TIME}) FROM events
      WHERE ${PROCESS} GROUP BY 1 ORDER BY number DESC, program LIMIT 10`,
    isOrdered: true,
  },
  {
    name: 'rare parents of programs',
    kusto: `imProcessCreate | summarize Count = count() by ActingProcessFilename, TargetProcessFilename
      | where Count < 1000 | sort by Count asc, ActingProcessFilename asc, TargetProcessFilename asc`,
    sql: `SELECT coalesce("process.parent.name", '') AS parent, coalesce("process.name", '') AS child, count(*) AS number
      FROM events WHERE ${PROCESS} GROUP BY 1, 2 HAVING number < 1000 ORDER BY number, parent, child`,
    isOrdered: true,
  },
  {
    name: 'the newest of a user',
    kusto: `imProcessCreate | where ActorUsername =~ "ünal" | sort by TimeGenerated desc, EventUid asc | take 100
      | project TimeGenerated, DvcHostname, ActorUsername, CommandLine, EventUid`,
    sql: `SELECT ${TIME} AS time, coalesce("host.name", ''), "user.name", coalesce("process.command_line", ''),
        document->>'$.event.id' AS uid
      FROM events WHERE ${PROCESS} AND lower("user.name") = 'ünal' ORDER BY time DESC, uid LIMIT 100`,
    isOrdered: true,
  },
  {
    name: 'one of a list, none of another',
    kusto: `imProcessCreate
      | where TargetProcessFilename in~ ("CURL", "wget", "Python3.11") and ActorUsername !in ("root", "deploy")
      | summarize Count = count() by DvcHostname`,
    sql: `SELECT coalesce("host.name", ''), count(*) FROM events
      WHERE ${PROCESS} AND lower("process.name") IN ('curl', 'wget', 'python3.11')
        AND coalesce("user.name", '') NOT IN ('root', 'deploy') GROUP BY 1`,
  },
  {
    name: 'regular expression',
    kusto: `imProcessCreate | where CommandLine matches regex @"(?i)-M\\s+http\\.server\\s+[0-9]{4}"
      | summarize Count = count() by ActorUsername`,
    sql: `SELECT coalesce("user.name", ''), count(*) FROM events
      WHERE ${PROCESS} AND regexp_matches("process.command_line", '(?i)-M\\s+http\\.server\\s+[0-9]{4}') GROUP BY 1`,
  },
  {
    name: 'extract',
    kusto: `imProcessCreate | extend Queue = extract(@"--queue[= ]([a-z]+)", 1, CommandLine) | where isnotempty(Queue)
      | summarize Count = count() by Queue`,
    sql: `SELECT regexp_extract("process.command_line", '--queue[= ]([a-z]+)', 1) AS queue, count(*) FROM events
      WHERE ${PROCESS} AND queue <> '' GROUP BY 1`,
  },
  {
    name: 'a field of the document',
    kusto: `imProcessCreate | where TargetProcessCurrentDirectory startswith "/SRV/"
      | summarize Count = count() by TargetProcessCurrentDirectory, DvcHostname`,
    sql: `SELECT document->>'$.process.working_directory' AS folder, coalesce("host.name", ''), count(*) FROM events
      WHERE ${PROCESS} AND starts_with(lower(folder), '/srv/') GROUP BY 1, 2`,
  },
  {
    name: 'bytes to an address',
    kusto: `imNetworkSession
      | summarize Count = count(), Bytes = sum(DstBytes), Most = max(DstBytes), Mean = avg(DstBytes),
          Without = countif(isnull(DstBytes)) by DstIpAddr`,
    sql: `SELECT address, count(*), coalesce(sum(bytes), 0)::BIGINT, max(bytes), avg(bytes), count(*) - count(bytes)
      FROM (SELECT coalesce("destination.ip", '') AS address,
              TRY_CAST(document->>'$.destination.bytes' AS BIGINT) AS bytes FROM events WHERE ${NETWORK})
      GROUP BY 1`,
  },
  {
    name: 'failed logons',
    kusto: `imAuthentication
      | summarize Failed = countif(EventResult == "Failure"), Total = count() by TargetUsername, bin(TimeGenerated, 10m)
      | where Failed > 5 and Failed * 2 > Total`,
    sql: `SELECT coalesce("user.name", ''), time_ms // 600000 * 6000000000,
        count(*) FILTER ("event.outcome" = 'failure') AS failed, count(*) AS total
      FROM events WHERE ${LOGON} GROUP BY 1, 2 HAVING failed > 5 AND failed * 2 > total`,
  },
  {
    name: 'connections joined with processes',
    kusto: `imNetworkSession | where DstPortNumber == 4444 and NetworkDirection == "Outbound"
      | project Host = DvcHostname, Pid = SrcProcessId, DstIpAddr, At = TimeGenerated
      | join kind=inner (imProcessCreate
          | project Host = DvcHostname, Pid = TargetProcessId, CommandLine, Started = TimeGenerated) on Host, Pid
      | where Started <= At | project At, Host, Pid, DstIpAddr, CommandLine, Started`,
    sql: `WITH connections AS (
        SELECT coalesce("host.name", '') AS host, coalesce("process.pid", '') AS pid, ${TIME} AS moment,
          coalesce("destination.ip", '') AS address
        FROM events WHERE ${NETWORK} AND "destination.port" = '4444' AND "network.direction" = 'egress'),
      processes AS (
        SELECT coalesce("host.name", '') AS host, coalesce("process.pid", '') AS pid, ${TIME} AS started,
          coalesce("process.command_line", '') AS command
        FROM events WHERE ${PROCESS})
      SELECT moment, host, pid, address, command, started FROM connections JOIN processes USING (host, pid)
      WHERE started <= moment`,
  },
  {
    name: 'users who never logged in',
    kusto: `imProcessCreate | distinct DvcHostname, ActorUsername
      | join kind=leftanti (imAuthentication | where EventResult == "Success" | distinct DvcHostname, TargetUsername)
        on $left.DvcHostname == $right.DvcHostname, $left.ActorUsername == $right.TargetUsername`,
    sql: `SELECT DISTINCT coalesce("host.name", ''), coalesce("user.name", '') FROM events WHERE ${PROCESS}
      EXCEPT SELECT coalesce("host.name", ''), coalesce("user.name", '') FROM events
        WHERE ${LOGON} AND "event.outcome" = 'success'`,
  },
  {
    name: 'sets of users',
    kusto: `imProcessCreate
      | summarize Users = array_sort_asc(make_set(ActorUsername)), Count = count() by TargetProcessFilename`,
    sql: `SELECT coalesce("process.name", ''), to_json(list_sort(list(DISTINCT coalesce("user.name", ''))))::VARCHAR,
      count(*) FROM events WHERE ${PROCESS} GROUP BY 1`,
  },
  {
    name: 'failures in a row',
    kusto: `imAuthentication | where EventResult == "Failure" | sort by TargetUsername asc, TimeGenerated asc
      | extend Gap = TimeGenerated - prev(TimeGenerated), Before = prev(TargetUsername)
      | where Before == TargetUsername and Gap < 1s
      | summarize Count = count(), Least = min(Gap) by TargetUsername`,
    sql: `SELECT name, count(*), min(gap) FROM (
        SELECT coalesce("user.name", '') AS name, ${TIME} AS time,
          time - lag(${TIME}) OVER (PARTITION BY name ORDER BY time) AS gap
        FROM events WHERE ${LOGON} AND "event.outcome" = 'failure')
      WHERE gap < 10000000 GROUP BY 1`,
  },
  {
    name: 'kinds of events by host',
    kusto: `union (imProcessCreate | project Kind = "process", DvcHostname),
        (imNetworkSession | project Kind = "network", DvcHostname), (imDns | project Kind = "dns", DvcHostname)
      | summarize Count = count() by Kind, DvcHostname`,
    sql: `SELECT kind, coalesce(host, ''), count(*) FROM (
        SELECT 'process' AS kind, "host.name" AS host FROM events WHERE ${PROCESS}
        UNION ALL SELECT 'network', "host.name" FROM events WHERE ${NETWORK}
        UNION ALL SELECT 'dns', "host.name" FROM events WHERE "dns.question.name" IS NOT NULL)
      GROUP BY 1, 2`,
  },
  {
    name: 'domains asked for',
    kusto: `imDns | extend Parts = split(tolower(DnsQuery), ".")
      | summarize Count = count() by Domain = strcat(tostring(Parts[-2]), ".", tostring(Parts[-1]))`,
    sql: `SELECT split_part(lower("dns.question.name"), '.', -2) || '.' || split_part(lower("dns.question.name"), '.', -1),
        count(*) FROM events WHERE "dns.question.name" IS NOT NULL GROUP BY 1`,
  },
  {
    name: 'connections to the outside',
    kusto: `imNetworkSession | where ipv4_is_private(DstIpAddr) == false
      | summarize Count = count() by DstIpAddr, DstPortNumber`,
    sql: `SELECT "destination.ip", TRY_CAST("destination.port" AS INTEGER), count(*) FROM events
      WHERE ${NETWORK} AND regexp_full_match("destination.ip", '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+')
        AND NOT regexp_matches("destination.ip", '^(10[.]|192[.]168[.]|172[.](1[6-9]|2[0-9]|3[01])[.])')
      GROUP BY 1, 2`,
  },
  {
    name: 'an hour, distinct command lines',
    kusto: `imProcessCreate
      | where TimeGenerated >= datetime(2026-01-15T01:00:00Z) and TimeGenerated < datetime(2026-01-15T02:00:00Z)
      | summarize Count = count(), Commands = count_distinct(CommandLine) by DvcHostname`,
    sql: `SELECT coalesce("host.name", ''), count(*), count(DISTINCT coalesce("process.command_line", '')) FROM events
      WHERE ${PROCESS} AND time_ms >= 1768438800000 AND time_ms < 1768442400000 GROUP BY 1`,
  },
];
