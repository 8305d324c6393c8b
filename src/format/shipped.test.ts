import { describe, expect, it } from 'vitest';
import type { Event } from '../event/event.ts';
import type { Json } from '../event/json.ts';
import type { Reject } from './format.ts';
import { openStream } from './stream.ts';

const NOW = Date.UTC(2026, 0, 2);

function read(...documents: Json[]): { readonly events: Event[]; readonly rejects: Reject[] } {
  const events: Event[] = [];
  const rejects: Reject[] = [];
  const sink = {
    event: (event: Event) => void events.push(event),
    reject: (reject: Reject) => void rejects.push(reject),
  };
  const stream = openStream({ standsInForEndpoint: true, now: () => NOW }, sink);
  for (const [number, document] of documents.entries()) {
    const bytes = Buffer.from(JSON.stringify(document));
    stream.line({ bytes, origin: { path: 'bulk:test', offset: number, line: number + 1 } });
  }
  stream.end();
  return { events, rejects };
}

const FILEBEAT = {
  '@timestamp': '2026-01-01T00:00:05.000Z',
  agent: { type: 'filebeat', version: '8.17.0', name: 'web-1' },
  ecs: { version: '8.0.0' },
  host: { name: 'web-1', os: { type: 'linux' } },
  input: { type: 'log' },
  log: { file: { path: '/var/log/audit/audit.log' }, offset: 7 },
};

describe('a record in the document of a shipper', () => {
  it('is put together from several documents, with what the shipper says of the host', () => {
    const id = 'audit(1767225601.000:9)';
    const lines = [
      `type=SYSCALL msg=${id}: arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key=(null)`,
      `type=EXECVE msg=${id}: argc=2 a0="ls" a1="-la"`,
      `type=PROCTITLE msg=${id}: proctitle=6C73`,
    ];
    const { events, rejects } = read(...lines.map((message) => ({ ...FILEBEAT, message })));
    expect(rejects).toEqual([]);
    expect(events).toHaveLength(1);
    const [event] = events as [Event];
    expect(event.format).toBe('auditd');
    expect(event.dataStreams).toEqual([
      'logs-auditd_manager.auditd-vedette',
      'logs-endpoint.events.process-vedette',
      'filebeat-8.17.0',
    ]);
    expect(event.text('process.args')).toBe('ls');
    expect(event.text('host.name')).toBe('web-1');
    expect(event.json('host')).toEqual(event.sharedDocument().host);
    expect(event.text('agent.type')).toBe('filebeat');
  });

  it('is read by its own format out of a search hit, under the id and the stream of the hit', () => {
    const raw = {
      event_simpleName: 'ProcessRollup2',
      timestamp: '1767225601000',
      ComputerName: 'WS-1',
      UserName: 'ana',
      ImageFileName: '\\Device\\HarddiskVolume1\\Windows\\System32\\cmd.exe',
      CommandLine: 'cmd.exe /c whoami',
    };
    const hit = { _index: 'logs-crowdstrike.fdr-prod', _id: 'c1' };
    const document = { '@timestamp': '2026-01-01T00:00:01Z', event: { original: JSON.stringify(raw) }, tags: ['x'] };
    const { events } = read({ ...hit, _source: document }, { ...hit, _source: raw }, document);
    expect(events.map(({ format }) => format)).toEqual(['crowdstrike-fdr', 'crowdstrike-fdr', 'crowdstrike-fdr']);
    expect(events.map(({ id }) => id)).toEqual(['c1', 'c1', undefined]);
    expect(events[0]?.dataStreams).toEqual(['logs-crowdstrike.fdr-default', 'logs-crowdstrike.fdr-prod']);
    expect(events[0]?.text('process.command_line')).toBe('cmd.exe /c whoami');
    expect(events[0]?.text('tags')).toBe('x');
  });

  it('may be syslog as rsyslog sends it, and an ECS document as Fluent Bit tails it', () => {
    const line = '<38>Jan  1 00:00:01 web-1 sshd[7]: Failed password for eve from 192.0.2.1 port 9 ssh2';
    const ecs = JSON.stringify({ '@timestamp': '2026-01-01T00:00:02Z', process: { name: 'ls' } });
    const { events } = read(
      { '@timestamp': '2026-01-01T00:00:01Z', host: 'web-1', message: line },
      { '@timestamp': '2026-01-01T00:00:01Z', log: ecs },
    );
    expect(events.map(({ format }) => format)).toEqual(['syslog', 'elastic-defend']);
    expect(events[0]?.text('source.ip')).toBe('192.0.2.1');
    expect(events[1]?.text('process.name')).toBe('ls');
  });

  it('is left alone in a document that was mapped, and where no format knows it', () => {
    const mapped = { ...FILEBEAT, message: 'type=SYSCALL msg=audit(1.000:9): x', process: { name: 'ls' } };
    const { events, rejects } = read(mapped, { ...FILEBEAT, message: 'Started it.' });
    expect(rejects).toEqual([]);
    expect(events.map(({ format }) => format)).toEqual(['elastic-defend', 'elastic-defend']);
    expect(events[1]?.text('message')).toBe('Started it.');
  });

  it('is refused under the place of its document', () => {
    const { rejects } = read({ _id: 'a', _source: { event_simpleName: 'ProcessRollup2' } });
    expect(rejects).toMatchObject([{ code: 'no-time', origin: { offset: 0 } }]);
  });
});
