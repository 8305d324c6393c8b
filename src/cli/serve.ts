/**
 * The service put together: the working thread, the HTTP server, and what is said in the terminal.
 *
 * Runs until SIGINT, SIGTERM, or the working thread cannot go on. Ending: no new requests, those under way answered, what
 * was read committed, everything closed. A second signal ends it at once, which loses nothing that was acknowledged.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { reachOf } from '../detect/bind-address.ts';
import type { QueueDepth } from '../engine/live-measures.ts';
import type { LiveSettings } from '../engine/live-protocol.ts';
import type { EventsStatus } from '../engine/live-status.ts';
import { divideMemory, memoryShares } from '../engine/memory-budget.ts';
import { Previews } from '../engine/previews.ts';
import { checkRuleText, compileOptionsOf, runningRules } from '../engine/rule-book.ts';
import { testRuleText } from '../engine/rule-test-text.ts';
import { type Service, startService } from '../engine/service.ts';
import { forgetServiceAddress, writeServiceAddress } from '../engine/service-address.ts';
import { serviceLog } from '../engine/service-log.ts';
import { ownFolderOf } from '../engine/tables/house-schema.ts';
import type { HuntLimits } from '../engine/tables/table-search.ts';
import type { Status, StoredEvents } from '../serve/api.ts';
import { Metrics } from '../serve/metrics.ts';
import { createServer } from '../serve/server.ts';
import { SystemMonitor } from '../serve/system-monitor.ts';
import { rejectFilesOf } from '../store/reject-files.ts';
import { defaultDataFolder } from './data-folder.ts';
import { endingSignals } from './ending-signals.ts';
import { boundHeapGrowth } from './heap-growth.ts';
import { count } from './scan-report.ts';
import { style } from './terminal.ts';
import { version } from './version.ts';

/** Where and how the service is to be had. */
export interface Listening {
  readonly address: string;
  /** Absent for the default or the next free one. */
  readonly port?: number;
  /** Names that requests may call it by, beside the address itself. */
  readonly names: readonly string[];
  /** Whether figures are given to whoever asks. */
  readonly metrics: boolean;
  readonly configFile?: string;
  /** What whole queries over stored events may take. */
  readonly hunts: HuntLimits;
  /** What shippers have to show. */
  readonly ingestToken?: string;
}

/** @throws an Error fit for people (with `hint`) when the service cannot start, or cannot go on. */
export async function serve(settings: LiveSettings, listening: Listening): Promise<void> {
  boundHeapGrowth();
  const log = serviceLog('serve', settings.log);
  const service = await startService(settings);
  const memory = settings.memory ?? divideMemory();
  const monitor = new SystemMonitor({
    status: () => statusOf(service),
    measures: service.measures,
    ruleName: (id) => service.rules.entries.find(({ document }) => document.id === id)?.document.name,
    queues: () => queuesOf(service),
    dataFolder: settings.dataFolder,
    memory: memoryShares(memory),
  });
  const previews = new Previews(settings, { memory: memory.previews });
  const metrics = listening.metrics ? new Metrics() : undefined;
  const server = createServer({
    version: version(),
    names: [listening.address, ...listening.names],
    store: service.store,
    rules: () => service.rules.entries,
    checkRule: (text) => checkRuleText(text, service.rules),
    testRule: (texts) =>
      testRuleText(texts, { ...compileOptionsOf(service.rules), own: ownFolderOf(settings.dataFolder) }),
    previews: {
      start: (asked) => previews.start(asked, compileOptionsOf(service.rules)),
      state: (id) => previews.state(id),
      cancel: (id) => previews.cancel(id),
    },
    addRule: (ids, text, by) => service.addRule(ids, text, by),
    removeRule: (id) => service.removeRule(id),
    overlayRule: (id, changes, by) => service.overlayRule(id, changes, by),
    reloadRules: () => service.reloadRules(),
    pauseRule: (id, paused) => service.pauseRule(id, paused),
    runs: {
      log: service.store.runLog,
      status: () => service.state.runs,
      request: (asked) => service.requestRun(asked),
      cancel: (request) => service.cancelRun(request),
      fill: (gap, reason) => service.fillGap(gap, reason),
    },
    status: () => statusOf(service),
    system: monitor,
    ...(metrics === undefined ? {} : { metrics }),
    sources: () => service.sources(),
    seen: () => service.seen(),
    source: (name) => service.source(name),
    rejects: (name) => rejectFilesOf(settings.dataFolder, name),
    events: service.events,
    tables: {
      search: service.tables,
      limits: listening.hunts,
      schema: service.names,
    },
    explain: (stored) => service.explainAlert(stored),
    explainRule: (id) => service.explainRule(id),
    setStatus: (id, change) => service.setStatus(id, change),
    addNote: (id, note) => service.addNote(id, note),
    setStep: (id, step, done) => service.setStep(id, step, done),
    ingest: {
      deliver: (delivery) => service.deliver(delivery),
      intake: service.intake,
      requestManualRun: async ({ from, to, reason }) => {
        // The last event's own millisecond counts.
        const range = { from: Date.parse(from), to: Date.parse(to) + 1 };
        return { state: 'queued', id: String(await service.requestRun({ ...range, reason })) };
      },
      ...(listening.ingestToken === undefined ? {} : { token: listening.ingestToken }),
    },
    removeSample: () => service.removeSample(),
    exceptions: service.exceptions,
    operator: userName(),
    webFolder: fileURLToPath(new URL('../../web/dist', import.meta.url)),
    now: () => new Date(),
    onError: (error, request) => log.error({ err: error, request }, 'request failed'),
  });
  server.app.addHook('onResponse', async ({ method, url }, reply) => {
    log.debug({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  service.on('created', (ids) => server.alertsCreated(ids));
  service.on('rules', () => server.statusChanged());
  service.on('status', (_, measures) => {
    server.statusChanged();
    metrics?.commits(measures.commits);
  });
  const failed = once(service, 'failed');
  const signals = endingSignals(() => forgetServiceAddress(settings.dataFolder));
  const { stopped } = signals;
  const reload = () =>
    void service.reloadRules().catch((error: unknown) => log.warn({ err: error }, 'rules not read again'));
  // At a terminal this signal says that the terminal is gone.
  if (!process.stdin.isTTY) process.on('SIGHUP', reload);
  try {
    const address = await server.listen(listening.port, listening.address);
    writeServiceAddress(settings.dataFolder, address);
    announce(address, service, listening);
    log.info({ address, data: settings.dataFolder, config: listening.configFile }, 'started');
    const [error] = (await Promise.race([failed, stopped.then(() => [])])) as [Error?];
    if (error !== undefined) throw error;
    log.info({}, 'ending');
  } finally {
    monitor.ending();
    forgetServiceAddress(settings.dataFolder);
    await server.close();
    previews.close();
    await service.stop();
    monitor.close();
    signals.forget();
    process.off('SIGHUP', reload);
    log.info({}, 'ended');
  }
}

/** What waits beside what the working thread itself tells of. */
function queuesOf({ intake, state }: Service): readonly QueueDepth[] {
  const { requests, bytes, most_bytes } = intake.status;
  return [
    { name: 'ingest', depth: requests },
    { name: 'ingest_bytes', depth: bytes, limit: most_bytes },
    { name: 'runs', depth: state.runs?.waiting ?? 0 },
  ];
}

/** A user that the system has no name for, as in some containers, is `operator`. */
function userName(): string {
  try {
    return userInfo().username.slice(0, 100) || 'operator';
  } catch {
    return 'operator';
  }
}

function statusOf(service: Service): Status {
  const { sample, ...alerts } = service.store.counts();
  const { entries } = service.rules;
  const kept = entries.filter((entry) => entry.kept !== undefined).length;
  return {
    version: version(),
    started: service.started.toISOString(),
    data_folder: service.settings.dataFolder,
    rules_read: service.rulesRead.toISOString(),
    rule_repositories: service.rules.repositories ?? [],
    rules: {
      enabled: runningRules(service.rules).length,
      failed: entries.filter(({ rule }) => rule === undefined).length,
      ...(kept === 0 ? {} : { kept }),
    },
    alerts,
    ...(sample === 0 ? {} : { sample: { alerts: sample, remove: sampleRemoval(service.settings.dataFolder) } }),
    sources: service.state.sources,
    funnel: service.state.counters,
    ...(service.state.events === undefined ? {} : { events: storedEvents(service.state.events) }),
  };
}

function storedEvents({ oldest, newest, ...rest }: EventsStatus): StoredEvents {
  return {
    ...rest,
    ...(oldest === undefined ? {} : { oldest: new Date(oldest).toISOString() }),
    ...(newest === undefined ? {} : { newest: new Date(newest).toISOString() }),
  };
}

/** The command that removes the sample from a data folder, as it is typed here. */
function sampleRemoval(dataFolder: string): string {
  const program = existsSync(new URL('../../vedette', import.meta.url)) ? './vedette' : 'vedette';
  const where = dataFolder === defaultDataFolder() ? '' : ` --data ${dataFolder}`;
  return `${program} sample remove${where}`;
}

function announce(address: string, service: Service, { address: bound, configFile }: Listening): void {
  const look = style(process.stdout);
  const { entries, loose } = service.rules;
  const rules = runningRules(service.rules);
  const findings = [...entries.flatMap((entry) => entry.findings), ...loose];
  const lines = [
    '',
    `${look.cyan('▲')} ${look.bold('Vedette')} is watching with ${count(rules.length, 'rule', 'rules')}.`,
    '',
    `  Alerts    ${look.bold(look.underline(address))}`,
    `  Data      ${service.settings.dataFolder}`,
    ...(configFile === undefined ? [] : [`  Options   ${configFile}`]),
    ...(reachOf(bound) === 'loopback'
      ? []
      : [`  ${look.yellow('open')}      Whoever reaches ${bound} can read and change everything: docs/operate.md`]),
    ...findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, file, line, message }) => `  ${look.red(notDone(code))}  ${file}:${line}: ${message}`),
    '',
    ...(service.settings.watch
      ? ['  To see it catch something, type in another terminal:', `    ${look.bold('python3 -m http.server')}`, '']
      : []),
    ...(service.settings.sample
      ? [
          look.dim(
            `  A sample capture is played at the first start; take it out with: ${sampleRemoval(service.settings.dataFolder)}`,
          ),
        ]
      : []),
    look.dim('  Ctrl-C ends.'),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What a mistake in a file that rules are read with keeps from being done. */
function notDone(code: string): string {
  if (code === 'sigma-placeholder-file') return 'placeholders not read';
  return code.startsWith('pipeline-') ? 'pipeline not applied' : 'rule not run';
}
