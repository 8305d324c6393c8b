/**
 * `vedette start`: the service and its page, with its state in a data folder. Its options are declared in
 * `src/config/options.ts`; here they become what the service is started with.
 */

import type { Command } from 'commander';
import type { Settings } from '../config/options.ts';
import type { LiveSettings } from '../engine/live-protocol.ts';
import { divideMemory } from '../engine/memory-budget.ts';
import type { HuntLimits } from '../engine/tables/table-search.ts';
import { EXIT } from './exit.ts';
import { addServiceOptions, readSettings } from './service-options.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const MEBIBYTE = 1024 ** 2;

export function registerStart(program: Command): void {
  const start = program
    .command('start')
    .summary('the service and its page, watching this machine')
    .description('Runs the service on the loopback interface: watches this machine, keeps alerts, serves the page.')
    .addHelpText('after', ENDING)
    .action(async () => {
      process.exitCode = await startCommand(start);
    });
  addServiceOptions(start);
}

const ENDING = `
Each option can also stand in a file of configuration or in the environment: vedette config --help.
Exit codes: 0 ended by SIGINT (Ctrl-C) or SIGTERM, everything written; 2 could not start, or not go on; 64 wrong usage
or configuration; 130 or 143 ended at once by a second signal, which loses nothing that was acknowledged.
`;

async function startCommand(command: Command): Promise<number> {
  const [{ serve }, { style }, { configProblems }] = await Promise.all([
    import('./serve.ts'),
    import('./terminal.ts'),
    import('./config-findings.ts'),
  ]);
  const look = style(process.stderr);
  try {
    const read = readSettings(command);
    if (configProblems(read, process.stderr) > 0) return EXIT.usage;
    await serve(liveSettings(read.settings), {
      address: read.settings['listen.address'],
      names: read.settings['listen.names'] ?? [],
      ...(read.settings['listen.port'] === undefined ? {} : { port: read.settings['listen.port'] }),
      metrics: read.settings['metrics.enabled'],
      hunts: huntLimits(read.settings),
      ...(read.settings['ingest.token'] === undefined ? {} : { ingestToken: read.settings['ingest.token'] }),
      ...(read.file === undefined ? {} : { configFile: read.file.path }),
    });
    return EXIT.ok;
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    process.stderr.write(`${look.red('error')}  ${message}${hint === undefined ? '' : ` ${hint}`}\n`);
    return EXIT.failed;
  }
}

function huntLimits(settings: Settings): HuntLimits {
  const { 'hunts.seconds': seconds, 'hunts.rows': rows, 'hunts.external_folder': externalFolder } = settings;
  return { seconds, rows, ...(externalFolder === undefined ? {} : { externalFolder }) };
}

/** What the working thread is started with. */
function liveSettings(settings: Settings): LiveSettings {
  const { 'rules.paths': rules, 'rules.pipelines': pipelines, 'sources.follow': follow } = settings;
  const { 'sources.audit_log': auditLog, 'incidents.gap_minutes': gap } = settings;
  const placeholders = settings['rules.placeholders'];
  const ingestRate = settings['ingest.lines_per_second'];
  return {
    dataFolder: settings.data,
    sample: settings['sources.sample'],
    watch: settings['sources.watch'],
    standsInForEndpoint: settings['sources.endpoint_stand_in'],
    eventLimits: { keepMs: settings['events.days'] * DAY_MS, maxBytes: settings['events.megabytes'] * MEBIBYTE },
    memory: divideMemory(settings['memory.megabytes'], settings['hunts.megabytes']),
    rulesEveryMs: settings['rules.every_minutes'] * MINUTE_MS,
    latenessMs: settings['live.lateness_seconds'] * 1_000,
    suppressionOutlivesClosing: !settings['suppression.ends_on_close'],
    log: { level: settings['log.level'], format: settings['log.format'] },
    ...(rules === undefined ? {} : { rules }),
    ...(pipelines === undefined ? {} : { pipelines }),
    ...(placeholders === undefined ? {} : { placeholders }),
    ...(follow === undefined ? {} : { follow }),
    ...(auditLog === undefined ? {} : { auditLog }),
    ...(ingestRate === undefined ? {} : { ingestRate }),
    ...(gap === undefined ? {} : { incidentGapMs: gap * MINUTE_MS }),
  };
}
