import { readFileSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { compareWithRecorded, type RecordedPair } from '../../test/recorded-pairs.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { formatTime, parseTime } from '../event/time.ts';
import { AUDITD_DEVIATIONS } from './deviations/auditd.ts';

interface Coalesced {
  readonly '@timestamp': string;
  readonly sequence: number;
  readonly record_type: string;
  readonly result: keyof typeof OUTCOMES;
  readonly session?: string;
  readonly tags?: readonly string[];
  readonly summary: {
    readonly action?: string;
    readonly actor: JsonObject;
    readonly object: JsonObject;
    readonly how?: string;
  };
  readonly user: { readonly ids: Readonly<Record<string, string>>; readonly selinux?: JsonObject };
  readonly process: Readonly<Record<string, Json>>;
  readonly file?: JsonObject;
  readonly source?: Readonly<Record<string, string>>;
  readonly destination?: Readonly<Record<string, string>>;
  readonly network?: JsonObject;
  readonly data?: Readonly<Record<string, string>>;
  readonly paths?: Json;
  readonly ecs: {
    readonly event: { readonly kind?: string; readonly category?: Json; readonly type?: Json };
    readonly user: Readonly<Record<string, Json>> & { readonly effective: JsonObject; readonly target: JsonObject };
    readonly group: JsonObject;
  };
}

const OUTCOMES = { success: 'success', fail: 'failure', unknown: 'unknown' } as const;

test('corpora: audit events become what the recorded ones are, but for what is listed', (context) => {
  const pairs = [...goLibaudit(context), ...elastic(context)];
  expect(pairs).toHaveLength(48 + 8);
  expect(compareWithRecorded(pairs, AUDITD_DEVIATIONS)).toEqual({ unexplained: [], needless: [] });
});

function goLibaudit(context: TestContext): RecordedPair[] {
  const file = requireCorpora(context, 'vendor', 'go-libaudit', 'aucoalesce.pairs.json');
  const { pairs } = JSON.parse(readFileSync(file, 'utf8')) as {
    pairs: { source: string; test_name: string; raw: string[]; expected: Coalesced }[];
  };
  return pairs.map(({ source, test_name, raw, expected }) => {
    const { events } = readEvents(raw.join('\n'));
    expect(events).toHaveLength(1);
    return { name: `go-libaudit ${source} ${test_name}`, event: events[0], expected: asEcs(expected) };
  });
}

/** A coalesced event as auditbeat makes an ECS document of it. */
function asEcs(event: Coalesced): JsonObject {
  const { ids, selinux } = event.user;
  const { file, process, ecs, source, destination, summary } = event;
  const people = ecs.user.id ?? ecs.user.effective.id ?? ecs.user.effective.name;
  const user = (id: string | undefined, group?: string | undefined) =>
    id === undefined ? undefined : { id, group: group === undefined ? undefined : { id: group } };
  const address = (from: Readonly<Record<string, string>> | undefined) =>
    from && { ip: from.ip, port: from.port === undefined ? undefined : Number(from.port) };
  const socket: Record<string, Json> = {};
  const data: Record<string, Json> = {};
  for (const [name, value] of Object.entries(event.data ?? {})) {
    if (name === 'socket_port') socket.port = Number(value);
    else if (name.startsWith('socket_')) socket[name.slice(7)] = value;
    else data[name] = value;
  }
  const { selinux: label, ...ofFile } = file ?? {};
  return JSON.parse(
    JSON.stringify({
      '@timestamp': formatTime(parseTime(event['@timestamp']) as never),
      event: {
        ...ecs.event,
        kind: ecs.event.kind ?? 'event',
        module: 'auditd',
        action: summary.action === undefined ? undefined : [summary.action],
        outcome: OUTCOMES[event.result],
        sequence: event.sequence,
      },
      tags: event.tags,
      user: {
        id: people === undefined ? ids.uid : ecs.user.id,
        name: ecs.user.name,
        group: user(ids.gid),
        effective: people === undefined ? user(ids.euid, ids.egid) : ecs.user.effective,
        target: ecs.user.target,
      },
      group: ecs.group,
      process: {
        pid: process.pid === undefined ? undefined : Number(process.pid),
        parent: process.ppid === undefined ? undefined : { pid: Number(process.ppid) },
        name: process.name,
        executable: process.exe,
        title: process.title,
        working_directory: process.cwd,
        args: process.args,
      },
      file: file === undefined ? undefined : ofFile,
      source: address(source),
      destination: address(destination),
      network: event.network,
      auditd: {
        message_type: event.record_type,
        result: event.result,
        session: event.session === '' ? undefined : event.session,
        summary: { actor: summary.actor, object: summary.object, how: summary.how },
        user: {
          audit: user(ids.auid),
          saved: user(ids.suid, ids.sgid),
          filesystem: user(ids.fsuid, ids.fsgid),
          selinux,
        },
        file: label === undefined ? undefined : { selinux: label },
        data: { ...data, ...(Object.keys(socket).length === 0 ? {} : { socket }) },
        paths: event.paths,
      },
    }),
  );
}

/** Elastic's documents: coalesced ones from their lines, and those of the package that reads each record alone. */
function elastic(context: TestContext): RecordedPair[] {
  const read = (name: string) => readFileSync(requireCorpora(context, 'vendor', 'auditd', name), 'utf8');
  const documents = (name: string) =>
    (JSON.parse(read(name)) as { expected: JsonObject[] }).expected.map((document) => document);
  const pairs: RecordedPair[] = [];
  for (const name of ['test-auditd-raw.subset.log', 'test-auditd-preparsed-syscall.log']) {
    const lines = read(name).trim().split('\n');
    for (const [at, expected] of documents(`${name}-expected.json`).entries()) {
      pairs.push({ name: `${name} ${at + 1}`, event: readEvents(lines[at] as string).events[0], expected });
    }
  }
  const execve = 'test-coalesced-syscall-execve-events';
  pairs.push({
    name: execve,
    event: readEvents(read(`${execve}.audit.log`)).events[0],
    expected: documents(`${execve}.json-expected.json`)[0] as JsonObject,
  });
  const sample = JSON.parse(read('auditd_manager.sample_event.json')) as JsonObject & {
    readonly auditd: { readonly messages: readonly string[] };
  };
  pairs.push({
    name: 'auditd_manager.sample_event.json',
    event: readEvents(sample.auditd.messages.join('\n')).events[0],
    expected: sample,
  });
  return pairs;
}
