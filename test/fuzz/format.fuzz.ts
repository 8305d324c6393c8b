/**
 * Fuzzes the readers of untrusted bytes: lines of every format, mutated, cut, spliced and interleaved, must never
 * throw, and every event must give its document, in OCSF too, its fields and its ancestry.
 */
import { FORMATS } from '../../src/format/formats.ts';
import { ProcessTable } from '../../src/format/process-table.ts';
import { openStream } from '../../src/format/stream.ts';
import { toOcsf } from '../../src/format/to-ocsf.ts';
import { feed, readEvents } from '../read-events.ts';

const ID = 'msg=audit(1700000000.123:77):';
const SEEDS = [
  `node=vm type=SYSCALL ${ID} arch=c000003e syscall=59 success=yes exit=0 a0=1 ppid=2 pid=3 auid=1000 uid=0 gid=0 euid=1 tty=pts1 ses=4 comm="sh" exe=2F62696E2F6120 key=6101626B\x1dARCH=x86_64 SYSCALL=execve UID="root"`,
  `node=vm type=EXECVE ${ID} argc=3 a0="sh" a1_len=6 a1[0]=6162 a1[1]="c" a2=""`,
  `node=vm type=EXECVE ${ID}  a3="x"`,
  `node=vm type=PROCTITLE ${ID} proctitle=7368002D63`,
  `type=USER_CMD ${ID} pid=9 uid=1000 msg='cwd="/home" cmd=6C73 terminal=pts/0 res=success'`,
  `type=AVC ${ID} avc:  denied  { read } for  pid=5 comm="x"`,
  `type=LOGIN ${ID} login pid=5 uid=0 old auid=4294967295 new auid=1000`,
  `type=EOE ${ID}`,
  '{"ID":"1700000000.123:77","NODE":"vm","SYSCALL":{"syscall":59,"SYSCALL":"execve","success":"yes","pid":3,"ppid":2,"exe":"/b%2b%ff","ARGV":["0x1"],"PPID":{"comm":"a","exe":"/a","ppid":1}},"EXECVE":{"argc":2,"ARGV":["a","%c3%a9"]},"PATH":[{"name":"x","mode":"0o644"}]}',
  '{"procfs":1,"time":"2026-01-01T00:00:00Z","pid":5,"ppid":4,"args":["a"],"exe":"/a","start_ticks":5,"host":"h"}',
  '{"_index":".ds-logs-a.b-default-2026.01.01-000001","_id":"x","_source":{"@timestamp":"2026-01-01T00:00:00Z","event":{"category":["process"],"type":["start"]},"process":{"pid":5,"entity_id":"a","parent":{"pid":4,"entity_id":"b"}}}}',
  '<Event xmlns="u"><System><Provider Name="Microsoft-Windows-Sysmon" Guid="g"/><EventID Qualifiers="1">22</EventID><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="2026-01-01T00:00:00.1Z"/><EventRecordID>7</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel></System><EventData><Data Name="QueryResults">type: 5 a;::ffff:192.0.2.1;</Data><Data Name="Hashes">MD5=A,IMPHASH=0</Data><Data>x</Data></EventData></Event>',
  '{"time":"2026-01-01T00:00:00Z","category":"WindowsEventLogsTable","properties":{"Role":"IaaS","RawXml":"<Event><System><EventID>1</EventID><Channel>Security</Channel><TimeCreated SystemTime=\'2026-01-01T00:00:00.1Z\'/></System></Event>"}}',
  '<Events>',
  '  <Event><System><EventID>4104</EventID>',
  '<14>Jan  1 00:00:00 h sysmon: <Event><System><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System><EventData><Data Name="UtcTime">2026-01-01 00:00:00.1</Data><Data Name="Image">/a/b</Data></EventData></Event>',
  '{"Event":{"System":{"Provider":{"#attributes":{"Name":"p"}},"EventID":4732,"Channel":"Security","Keywords":-9214364837600034816,"TimeCreated":{"@SystemTime":"2026-01-01T00:00:00Z"}},"EventData":{"Data":[{"@Name":"MemberName","#text":"CN=a,DC=b"},"c"],"TargetSid":"S"},"UserData":{"x":{"y":[{}]}}}}',
  '{"EventID":13,"SourceName":"s","EventTime":"2026-01-01 02:00:00","EventReceivedTime":"2026-01-01 02:00:01","@timestamp":"2026-01-01T00:00:02Z","SourceModuleType":"im","EventType":"SetValue","TargetObject":"HKLM\\\\a\\\\b","Details":"QWORD (0x00000001-0x00000002)","UtcTime":"-"}',
  '{"EventId":800,"Channel":"Windows PowerShell","PayloadData1":"a","Payload":"{\\"EventData\\":{\\"Data\\":{\\"@Name\\":\\"a\\"}}}","Message":"\\tHostApplication=x \\"y","TimeCreated":"/Date(1)/"}',
  '{"@timestamp":"2026-01-01T00:00:00Z","winlog":{"event_id":4688,"channel":"Security","event_data":{"CommandLine":"a \\"b c","NewProcessId":"0x10"},"keywords":["Audit Failure"]}}',
  '{"@timestamp":1700000000000,"__proto__":{"a":[[[1]]]},"k":12345678901234567890}',
  `type=SYSCALL ${ID} arch=c000003e syscall=42 success=no exit=-111 a0=3 pid=3 exe="/bin/nc"`,
  `type=SOCKADDR ${ID} saddr=02000050C0000201000000000000000000`,
  `type=CWD ${ID} cwd="/etc"`,
  `type=PATH ${ID} item=1 name="shadow" inode=7 mode=0100640 ouid=0 ogid=42 rdev=00:00 obj=u:r:t:s0 nametype=CREATE`,
  `type=USER_LOGIN ${ID} pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="ada" exe="/usr/sbin/sshd" addr=192.0.2.7 terminal=ssh res=failed'`,
  '{"time":"2026-01-02T03:04:05.678901234Z","rule":"r","priority":"Warning","output":"o","source":"syscall","tags":["T1059.006"],"hostname":"h","output_fields":{"evt.type":"execve","evt.time":1767323045678901234,"proc.pid":44,"proc.args":"-m x","proc.exe":"py","fd.name":"/etc/shadow","fd.cip":"10.0.0.1","user.uid":1000}}',
  '{"class_uid":1007,"category_uid":1,"activity_id":1,"time":1767236645123,"metadata":{"uid":"e"},"device":{"hostname":"h","os":{"type_id":200}},"actor":{"process":{"pid":7,"name":"sh"}},"process":{"pid":44,"cmd_line":"a \\"b c\\"","file":{"path":"C:\\\\a.exe","hashes":[{"algorithm":"MD5","value":"A"}]}},"src_endpoint":{"ip":"10.0.0.5","port":5}}',
  '{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1767236645123456","_HOSTNAME":"h","SYSLOG_FACILITY":"10","PRIORITY":"6","SYSLOG_IDENTIFIER":"sshd","_PID":"77","_EXE":"/a","_CMDLINE":"a b","MESSAGE":[70,111]}',
  '{"__REALTIME_TIMESTAMP":"1767236645123456","_TRANSPORT":"audit","_AUDIT_TYPE_NAME":"SYSCALL","_AUDIT_ID":"77","_HOSTNAME":"vm","MESSAGE":"SYSCALL arch=c000003e syscall=59 success=yes pid=3"}',
  '__CURSOR=s\n__REALTIME_TIMESTAMP=1767236645123456\n_HOSTNAME=h\nMESSAGE\n\x0d\0\0\0\0\0\0\0a\n\n__CURSOR=b\n_PID=7\n',
  '__REALTIME_TIMESTAMP=1767236645123456\n_TRANSPORT=audit\n_AUDIT_TYPE_NAME=SYSCALL\n_AUDIT_ID=77\nMESSAGE=SYSCALL arch=c000003e syscall=59 success=yes pid=3\n',
  'Jan  1 03:04:05 h sshd[77]: Failed password for invalid user a b from 192.0.2.7 port 4711 ssh2: x',
  'Jan  1 03:04:05 h sudo[7]:  ada : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/a ; USER=root ; COMMAND=/bin/id -u',
  '{"message":"<189>Jan 6 02:28:49 h %AAA-5-USER_LOGGED: User a executed: b","host":"r","log":1,"json":{},"ts":1767225599.5}',
  '{"message":"<13>Jan  6 02:28:49 h audispd: type=SYSCALL msg=audit(1700000000.123:77): syscall=59 success=yes pid=3"}',
  '<189>47: h: *Jan 18 11:29:03.123 UTC: %LINK-SP-3-UPDOWN: x',
  '<131>Jul 28 11:28:41 h MSWinEventLog\t1\tSecurity\t7\tTue Jul 28 11:28:00 2026\t4688\tp\tA\\b\tUser\tSuccess Audit\th\tc\t\tA.    Subject:   Security ID:  NT AUTHORITY\\SYSTEM   Account Name:  a    Process Information:   New Process ID:  0x5   New Process Name: C:\\a.exe   Process Command Line: a  b: c\t9',
  '<38>1 2026-01-01T03:04:05Z h app 7 ID [a@1 b="c \\"d" e="f"] pam_unix(sudo:session): session opened for user root(uid=0) by ada(uid=1000)',
  'Jan  1 03:04:05 h useradd[7]: new user: name=a, UID=1, GID=1, home=/h, shell=/s',
  `Jan  1 03:04:05 h audispd: type=SYSCALL ${ID} arch=c000003e syscall=59 success=yes pid=3`,
  '{"event_simpleName":"ProcessRollup2","event_platform":"Lin","id":"i","aid":"a","cid":"c","aip":"192.0.2.7","timestamp":"1768000000123","ImageFileName":"/bin/sh","CommandLine":"sh -c \\"a b\\"","RawProcessId":"5","TargetProcessId":"18446744073709551615","ProcessStartTime":"1768000000.5","ProcessEndTime":"1768000002.5","UserSid":"S-1-5-21-1","Tags":"1, 2","DnsRequestCount":"3"}',
  '{"event_simpleName":"NetworkConnectIP6","aid":"b","timestamp":1768000000123,"ConnectionDirection":"1","LocalAddressIP6":"::1","LocalPort":"1","RemoteAddressIP6":"::2","RemotePort":"2","Protocol":"6","TargetFileName":"\\\\Device\\\\a.b","DomainName":"d"}',
  '{"aid":"a","cid":"c","Time":"1768000000.5","ComputerName":"h","Version":"v","MachineDomain":"d"}',
  '{"cid":"c","_time":"1768000000.5","UserSid_readable":"S-1-5-21-1","User":"D\\\\u"}',
  '{"event.category":"process","event.type":"Process Creation","agent.uuid":"u","endpoint.name":"h","endpoint.os":"linux","event.id":"e","event.time":1768000000123,"tgt.process.cmdline":" \\"a\\" b","tgt.process.pid":5,"src.process.user":"D\\\\u","src.process.netConnInCount":1,"event.dns.request":"type: 1 a","event.dns.response":"type: 5 b;::1;","registry.keyPath":"A\\\\b","tgt.file.path":"/a/b.c"}',
  '{"event_type_full":"process_event","event_subtype_full":"exec_event","timestamp":134124736001234567,"pid":5,"ppid":4,"process_name":"a","process_path":"/a","command_line":"a b","registry_path":"a\\\\b","bytes_written_string_list":["a"]}',
  '{"category":"AdvancedHunting-DeviceProcessEvents","time":"2026-01-01T00:00:00Z","properties":{"Timestamp":"2026-01-01T00:00:00.1234567Z","DeviceId":"d","ReportId":1,"ActionType":"ProcessCreated","FileName":"a","FolderPath":"/a","ProcessCommandLine":"a b","InitiatingProcessId":4,"RegistryKey":"HKEY_USERS\\\\a","AdditionalFields":"{\\"direction\\":\\"In\\"}"}}',
  '{"@event_create_date":"2026-01-01T00:00:00Z","log_type":"process","agent":{"agentid":"a","ostype":"linux"},"commandline":"a b","image_name":"/a","process_unique_id":"p","pid":1,"hashes":{"md5":"x"},"target_object":"HKLM\\\\a","daddr":"10.0.0.1"}',
  '{\n  "rule": "r",\n  "priority": "p",\n  "output_fields": {\n    "a": [\n      1\n    ]\n  }\n}',
  '[\n  {\n    "c": "{"\n  },\n',
].map((line) => Buffer.from(line));
const TOKENS = [
  '"',
  "'",
  '=',
  '\x1d',
  '(null)',
  'a9999999=',
  '[',
  '{',
  '}',
  ']',
  ',',
  ':',
  '%',
  '\0',
  '\n',
  '\\',
  'type=',
  '__proto__',
  '1e999',
  ' ',
].map((text) => Buffer.from(text));

/** Runs for so many seconds; a run is one stream. Throws what a reader throws, with the input in the message. */
export function fuzzFormat(seconds: number, seed: number): { runs: number } {
  expectEveryFormat();
  const random = randomFrom(seed);
  const until = Date.now() + seconds * 1000;
  let runs = 0;
  for (; Date.now() < until; runs += 1) {
    const input = makeInput(random);
    try {
      readAll(input, random);
    } catch (error) {
      throw new Error(`run ${runs} of seed ${seed}: ${JSON.stringify(Buffer.from(input).toString('latin1'))}`, {
        cause: error,
      });
    }
  }
  return { runs };
}

/** The lines that are mutated are of every format there is. */
function expectEveryFormat(): void {
  const read = new Set(SEEDS.flatMap((line) => readEvents(line).events.map(({ format }) => format)));
  const missing = FORMATS.filter(({ name }) => !read.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`no line of ${missing.join(', ')}`);
}

function readAll(input: Uint8Array, random: () => number): void {
  const table = new ProcessTable({ processesPerHost: 8, hosts: 4, characters: 10_000 });
  const reader = openStream(
    { standsInForEndpoint: random() < 0.5, now: () => 0 },
    {
      event: (event) => {
        table.observe(event);
        JSON.stringify(event.document());
        JSON.stringify(toOcsf(event));
        event.values('process.args');
        event.values('auditd.record.syscall.pid');
        table.ancestry(event);
      },
      reject: (reject) => {
        if (reject.code === '' || reject.reason === '') throw new Error('a reject without a reason');
      },
    },
  );
  feed(reader, input);
  reader.settle(1e12);
  reader.end();
  if (reader.waiting !== undefined) throw new Error('something still waits after the end');
}

function makeInput(random: () => number): Uint8Array {
  const lines: Uint8Array[] = [];
  for (let count = 1 + below(random, 8); count > 0; count -= 1) {
    let line = SEEDS[below(random, SEEDS.length)] as Buffer;
    for (let changes = below(random, 6); changes > 0; changes -= 1) line = mutate(line, random);
    lines.push(line, Buffer.from('\n'));
  }
  return Buffer.concat(lines);
}

function mutate(line: Buffer, random: () => number): Buffer {
  const at = below(random, line.length + 1);
  const length = below(random, 12);
  const token = TOKENS[below(random, TOKENS.length)] as Buffer;
  switch (below(random, 6)) {
    case 0:
      return line.subarray(0, at);
    case 1:
      return Buffer.concat([line.subarray(0, at), line.subarray(at + length)]);
    case 2:
      return Buffer.concat([line.subarray(0, at), token, line.subarray(at)]);
    case 3:
      return Buffer.concat([
        line.subarray(0, at),
        ...Array<Buffer>(1 + below(random, 400)).fill(token),
        line.subarray(at),
      ]);
    case 4:
      return Buffer.concat([line.subarray(0, at), Buffer.from([below(random, 256)]), line.subarray(at + 1)]);
    default: {
      const other = SEEDS[below(random, SEEDS.length)] as Buffer;
      return Buffer.concat([line.subarray(0, at), other.subarray(below(random, other.length))]);
    }
  }
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** Mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
