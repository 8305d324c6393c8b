/**
 * What of Kusto is supported, each with conditions that hold or fail on an event; the support table in docs/kusto.md is
 * made of the same list. `full` is an event with everything, `bare` one that says no more than that a process started.
 */
import type { JsonObject } from '../../event/json.ts';

export interface Supported {
  readonly what: string;
  readonly about: string;
  /** `condition` → the events it holds on. */
  readonly cases: Readonly<Record<string, 'both' | 'full' | 'bare' | 'neither'>>;
}

const STARTED = { kind: 'event', category: ['process'], type: ['start'] };

export const FULL: JsonObject = {
  '@timestamp': '2024-05-06T07:08:09.123Z',
  event: STARTED,
  process: {
    pid: 4242,
    executable: '/usr/bin/Python3.11',
    name: 'Python3.11',
    command_line: 'Python3.11 -m http.server --bind 0.0.0.0',
    exit_code: 0,
    parent: { pid: 1, executable: '/usr/lib/systemd/systemd' },
  },
  user: { name: 'Ünal' },
  host: { name: 'web-01', ip: ['fe80::1', '10.0.0.5'], os: { type: 'linux' } },
};

export const BARE: JsonObject = { '@timestamp': '2024-05-06T07:08:09.123Z', event: STARTED };

export const OPERATORS: readonly Supported[] = [
  {
    what: '== !=',
    about: 'exact; a text that is missing is ""',
    cases: {
      'TargetProcessName == "/usr/bin/Python3.11"': 'full',
      'TargetProcessName == "/usr/bin/python3.11"': 'neither',
      'TargetProcessName != "x"': 'both',
      'TargetProcessName == ""': 'bare',
      'TargetProcessName != ""': 'full',
      'TargetProcessId == "4242"': 'full',
      'EventType == "ProcessCreated"': 'both',
      '"/usr/bin/Python3.11" == TargetProcessName': 'full',
      'TargetProcessName == ActingProcessName': 'bare',
      'EventCount == 1': 'both',
      'TimeGenerated == datetime(2024-05-06T07:08:09.123Z)': 'both',
    },
  },
  {
    what: '=~ !~',
    about: 'the same, upper and lower case alike in every script',
    cases: {
      'ActorUsername =~ "ÜNAL"': 'full',
      'ActorUsername !~ "ünal"': 'bare',
      'TargetProcessName =~ ""': 'bare',
      'ActorUsername =~ TargetUsername': 'both',
    },
  },
  {
    what: 'contains !contains contains_cs !contains_cs',
    about: 'anywhere',
    cases: {
      'CommandLine contains "HTTP.server"': 'full',
      'CommandLine contains_cs "HTTP.server"': 'neither',
      'CommandLine !contains "http.server"': 'bare',
      'CommandLine !contains_cs "HTTP"': 'both',
      'CommandLine contains ""': 'both',
      'CommandLine contains TargetProcessFilename': 'both',
    },
  },
  {
    what: 'startswith !startswith startswith_cs !startswith_cs',
    about: 'at the start',
    cases: {
      'CommandLine startswith "python"': 'full',
      'CommandLine startswith_cs "python"': 'neither',
      'CommandLine !startswith "python"': 'bare',
      'CommandLine !startswith_cs "python"': 'both',
      'CommandLine startswith TargetProcessFilename': 'both',
    },
  },
  {
    what: 'endswith !endswith endswith_cs !endswith_cs',
    about: 'at the end',
    cases: {
      'TargetProcessName endswith TargetProcessFilename': 'both',
      'TargetProcessName endswith "/python3.11"': 'full',
      'TargetProcessName endswith_cs "/python3.11"': 'neither',
      'TargetProcessName !endswith "/python3.11"': 'bare',
      'TargetProcessName !endswith_cs "/Python3.11"': 'bare',
    },
  },
  {
    what: 'has !has has_cs !has_cs',
    about: 'a whole term: letters and digits in a row, whatever the script',
    cases: {
      'CommandLine has "HTTP"': 'full',
      'CommandLine has "http.server"': 'full',
      'CommandLine has "serv"': 'neither',
      'CommandLine has "--bind"': 'full',
      'CommandLine has_cs "HTTP"': 'neither',
      'CommandLine !has "http"': 'bare',
      'CommandLine !has_cs "HTTP"': 'both',
      'CommandLine has ""': 'both',
    },
  },
  {
    what: 'hasprefix !hasprefix hasprefix_cs !hasprefix_cs',
    about: 'a term begins so',
    cases: {
      'CommandLine hasprefix "SERV"': 'full',
      'CommandLine hasprefix "erver"': 'neither',
      'CommandLine hasprefix_cs "SERV"': 'neither',
      'CommandLine !hasprefix "serv"': 'bare',
      'CommandLine !hasprefix_cs "SERV"': 'both',
    },
  },
  {
    what: 'hassuffix !hassuffix hassuffix_cs !hassuffix_cs',
    about: 'a term ends so',
    cases: {
      'CommandLine hassuffix "RVER"': 'full',
      'CommandLine hassuffix "serve"': 'neither',
      'CommandLine hassuffix_cs "RVER"': 'neither',
      'CommandLine !hassuffix "rver"': 'bare',
      'CommandLine !hassuffix_cs "RVER"': 'both',
    },
  },
  {
    what: 'has_any has_all',
    about: 'whole terms, from a list or dynamic([…])',
    cases: {
      'CommandLine has_any ("nothing", "HTTP")': 'full',
      'CommandLine has_any (dynamic(["nothing", "http"]))': 'full',
      'CommandLine has_all ("http", "server")': 'full',
      'CommandLine has_all ("http", "nothing")': 'neither',
    },
  },
  {
    what: 'in !in in~ !in~',
    about: 'one of a list, or of dynamic([…])',
    cases: {
      'TargetProcessFilename in ("Python3.11", "bash")': 'full',
      'TargetProcessFilename in ("python3.11", "bash")': 'neither',
      'TargetProcessFilename in~ ("python3.11", "bash")': 'full',
      'TargetProcessFilename !in ("Python3.11")': 'bare',
      'TargetProcessFilename !in~ ("python3.11")': 'bare',
      'TargetProcessFilename in (dynamic(["Python3.11"]))': 'full',
      'EventCount in (1, 2)': 'both',
      'EventCount !in (1, 2)': 'neither',
    },
  },
  {
    what: 'matches regex',
    about: 'RE2, in linear time; \\d, \\w and \\s of every script',
    cases: {
      'CommandLine matches regex @"http\\.server\\s"': 'full',
      'CommandLine matches regex "HTTP"': 'neither',
      'CommandLine matches regex "(?i)HTTP"': 'full',
      'ActorUsername matches regex @"^\\w+$"': 'full',
      'ActorUsername matches regex ".*"': 'both',
    },
  },
  {
    what: '< <= > >= between !between',
    about: 'numbers and times; null where one is missing',
    cases: {
      'tolong(TargetProcessId) > 4241': 'full',
      'tolong(TargetProcessId) between (4242 .. 5000)': 'full',
      'tolong(TargetProcessId) !between (4242 .. 5000)': 'neither',
      'TimeGenerated >= datetime(2024-05-06)': 'both',
      'TimeGenerated < datetime(2024-05-06)': 'neither',
      'TimeGenerated between (datetime(2024-05-06) .. 1d)': 'both',
      'TargetProcessCreationTime > datetime(2020-01-01)': 'neither',
      'not(TargetProcessCreationTime > datetime(2020-01-01))': 'neither',
    },
  },
  {
    what: 'and or not()',
    about: 'with the null of conditions',
    cases: {
      'CommandLine has "http" and ActingProcessId == "1"': 'full',
      'CommandLine has "nothing" or isempty(CommandLine)': 'bare',
      'not(CommandLine has "http")': 'bare',
      '(CommandLine has "http") == true': 'full',
      '(CommandLine has "http") != (User =~ "ünal")': 'neither',
    },
  },
  {
    what: '+ - * / %',
    about: 'of numbers; / of whole numbers is whole, % is never negative',
    cases: {
      'tolong(TargetProcessId) % 2 == 0': 'full',
      'tolong(TargetProcessId) / 5 == 848': 'full',
      'EventCount - 8 == -7 and (EventCount - 8) % 3 == 2': 'both',
      'EventCount / 2.0 == 0.5': 'both',
    },
  },
];

export const FUNCTIONS: readonly Supported[] = [
  {
    what: 'isempty isnotempty notempty',
    about: 'a text that is missing is empty',
    cases: { 'isempty(User)': 'bare', 'isnotempty(User)': 'full', 'notempty(User)': 'full' },
  },
  {
    what: 'isnull isnotnull notnull',
    about: 'a text is never null',
    cases: {
      'isnull(User)': 'neither',
      'isnull(TargetProcessCreationTime)': 'both',
      'isnotnull(TimeGenerated)': 'both',
      'notnull(TargetProcessFileSize)': 'neither',
    },
  },
  {
    what: 'tolower toupper',
    about: 'on either side',
    cases: {
      'tolower(TargetProcessFilename) == "python3.11"': 'full',
      'tolower(TargetProcessFilename) == "Python3.11"': 'neither',
      'toupper(TargetProcessFilename) startswith_cs "PYTHON"': 'full',
      'TargetProcessFilename == tolower("BASH")': 'neither',
      'tolower(CommandLine) matches regex "python"': 'full',
      'tolower(CommandLine) == tolower(CommandLine)': 'both',
    },
  },
  {
    what: 'strlen',
    about: 'in characters',
    cases: { 'strlen(ActorUsername) == 4': 'full', 'strlen(User) == 0': 'bare' },
  },
  {
    what: 'strcat substring indexof replace_string',
    about: 'of texts',
    cases: {
      'strcat(User, "@", Dvc) == "Ünal@web-01"': 'full',
      'substring(TargetProcessFilename, 0, 6) == "Python"': 'full',
      'substring(TargetProcessFilename, -2) == "11"': 'full',
      'indexof(CommandLine, "http") > 0': 'full',
      'replace_string(Dvc, "-", "") == "web01"': 'full',
    },
  },
  {
    what: 'tostring toint tolong',
    about: 'null where a text is no number',
    cases: {
      'tostring(EventCount) == "1"': 'both',
      'tostring(isempty(User)) == "True"': 'bare',
      'tolong(TargetProcessId) == 4242': 'full',
      'toint(User) == 1': 'neither',
      'toint(User) != 1': 'both',
    },
  },
  {
    what: 'iff iif case coalesce',
    about: 'null counts as false; an empty text as missing',
    cases: {
      'iff(isempty(User), "nobody", User) == "nobody"': 'bare',
      'iif(User == "root", true, Dvc =~ "WEB-01")': 'full',
      'case(User == "a", 1, CommandLine has "http", 2, 3) == 2': 'full',
      'coalesce(ActingProcessCommandLine, ActingProcessName, "none") == "none"': 'bare',
    },
  },
  {
    what: 'ipv4_is_in_range ipv6_is_in_range',
    about: 'null where there is no address',
    cases: {
      'ipv4_is_in_range(DvcIpAddr, "10.0.0.0/8")': 'full',
      'ipv6_is_in_range(DvcIpAddr, "fe80::/10")': 'full',
      'not(ipv4_is_in_range(User, "10.0.0.0/8"))': 'neither',
      'not(coalesce(ipv4_is_in_range(User, "10.0.0.0/8"), false))': 'both',
      'ipv4_is_in_range(strcat("10.0.0.", "9"), "10.0.0.0/8")': 'both',
    },
  },
  {
    what: 'now ago',
    about: 'beside TimeGenerated: in a rule an event counts as now',
    cases: { 'TimeGenerated > ago(1h)': 'both', 'TimeGenerated > now() + 1h': 'neither' },
  },
];
