/**
 * SigmaHQ's rules over the five captures of Windows events: what fires in each, how fast, and which rules saw no event of
 * their log source at all.
 *
 *   node tools/measure-captures.ts            writes docs/figures/captures.json and the tables of docs/captures.md
 *
 * Needs the corpora (`VEDETTE_CORPORA`). Takes two minutes, most of it for loading the rules. Speed is told for a second of
 * processor time, so that a busy machine says the same as an idle one.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { readEvents } from '../src/engine/read-events.ts';
import { RuleMatcher } from '../src/engine/rule-matcher.ts';
import { compileMatcher } from '../src/match/matcher.ts';
import type { LoadedRule } from '../src/rule/inspect.ts';
import { loadRules } from '../src/rule/load.ts';
import { type LogSource, sigmaLogSource } from '../src/vocabulary/sigma-log-sources.ts';
import { findCorpora } from '../test/requirement.ts';

export interface CaptureFigures {
  readonly processor: string;
  readonly rules: number;
  /** Rules by log source that no format serves. */
  readonly idle: Readonly<Record<string, number>>;
  /** Rules whose log source has events in some capture. */
  readonly reached: number;
  /** Of the others, by log source. */
  readonly unreached: Readonly<Record<string, number>>;
  readonly captures: Readonly<Record<string, CaptureFigure>>;
}

interface CaptureFigure {
  readonly events: number;
  /** Events in a second of processor time: reading, deriving, matching. */
  readonly eventsPerSecond: number;
  readonly fired: readonly FiredRule[];
}

interface FiredRule {
  readonly name: string;
  readonly severity: string;
  readonly events: number;
}

const PAGE = fileURLToPath(new URL('../docs/captures.md', import.meta.url));
const FIGURES = fileURLToPath(new URL('../docs/figures/captures.json', import.meta.url));
const BLOCK = /(<!-- figures: captures -->\n)[\s\S]*?(<!-- \/figures -->)/;
/** Log sources named one by one; the others are counted. */
const MOST_NAMED = 12;

export function withCaptureFigures(page: string, figures: CaptureFigures): string {
  return page.replace(BLOCK, (_, open: string, close: string) => `${open}${tables(figures)}\n${close}`);
}

function tables({ processor, rules, idle, reached, unreached, captures }: CaptureFigures): string {
  const all = Object.entries(captures);
  const events = all.reduce((sum, [, capture]) => sum + capture.events, 0);
  const fired = new Set(all.flatMap(([, capture]) => capture.fired.map(({ name }) => name)));
  const idleRules = Object.values(idle).reduce((sum, count) => sum + count, 0);
  return [
    '',
    `${number(events)} events, ${number(rules)} rules that load, ${fired.size} of them fire. ${number(idleRules)} are idle (${named(idle)}).`,
    `${number(reached)} read events that are there; the log sources of the others have none in these captures: ${named(unreached)}.`,
    `Events per second of processor time on one core (${processor}).`,
    '',
    '| capture | events | events a second | rules that fire | events they fire on |',
    '|---|---|---|---|---|',
    ...all.map(
      ([name, capture]) =>
        `| \`${name}\` | ${number(capture.events)} | ${number(capture.eventsPerSecond)} | ${capture.fired.length} | ${number(capture.fired.reduce((sum, one) => sum + one.events, 0))} |`,
    ),
    ...all.flatMap(([name, capture]) => [
      '',
      `**${name}**`,
      '',
      '| rule | severity | events |',
      '|---|---|---|',
      ...capture.fired.map((rule) => `| ${rule.name} | ${rule.severity} | ${number(rule.events)} |`),
    ]),
    '',
  ].join('\n');
}

function named(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const told = sorted.slice(0, MOST_NAMED).map(([source, count]) => `${source} ${number(count)}`);
  const rest = sorted.slice(MOST_NAMED);
  const others = rest.reduce((sum, [, count]) => sum + count, 0);
  return [...told, ...(rest.length === 0 ? [] : [`${rest.length} others with ${number(others)}`])].join(', ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

async function measure(corpora: string): Promise<CaptureFigures> {
  const { rules } = await loadRules(globSync(join(corpora, 'sigma', 'rules*')));
  const matcher = new RuleMatcher(rules);
  const sources = [...new Map(rules.map((rule) => [sourceOf(rule), logSourceOf(rule)]))];
  const seen = new Set<string>();
  const captures: Record<string, CaptureFigure> = {};
  for (const path of globSync(join(corpora, 'windows-telemetry', '*.ndjson.gz')).sort()) {
    const counts = new Map<LoadedRule, number>();
    const start = process.cpuUsage();
    const { events } = await readEvents([path], (event) => {
      matcher.match(event, (rule) => counts.set(rule, (counts.get(rule) ?? 0) + 1));
      return true;
    });
    const { user, system } = process.cpuUsage(start);
    const fired = [...counts]
      .map(([{ document }, count]) => ({ name: document.name, severity: document.severity ?? 'none', events: count }))
      .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
    captures[basename(path, '.ndjson.gz')] = {
      events,
      eventsPerSecond: Math.round(events / ((user + system) / 1e6)),
      fired,
    };
    const reads = () => true;
    const bySource = compileMatcher(
      sources.map(([, source]) => ({ predicate: sigmaLogSource(source, NO_SPAN).predicate, reads })),
    );
    await readEvents([path], (event) => {
      bySource.match(event, (at) => seen.add(sources[at]?.[0] ?? ''));
      return true;
    });
  }
  const running = rules.filter(({ idle }) => idle === undefined);
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    rules: rules.length,
    idle: countOf(rules.filter(({ idle }) => idle !== undefined)),
    reached: running.filter((rule) => seen.has(sourceOf(rule))).length,
    unreached: countOf(running.filter((rule) => !seen.has(sourceOf(rule)))),
    captures,
  };
}

function countOf(rules: readonly LoadedRule[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(sourceOf(rule), (counts.get(sourceOf(rule)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function logSourceOf({ logSources = [] }: LoadedRule): LogSource {
  return logSources[0] ?? {};
}

/** `windows/process_creation`. */
function sourceOf(rule: LoadedRule): string {
  const { product, category, service } = logSourceOf(rule);
  return [product, category, service].filter((part) => part !== undefined).join('/');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const corpora = findCorpora();
  if (corpora === undefined) throw new Error('The corpora are not there: set VEDETTE_CORPORA.');
  const figures = await measure(corpora);
  writeFileSync(FIGURES, `${JSON.stringify(figures, undefined, 2)}\n`);
  writeFileSync(PAGE, withCaptureFigures(readFileSync(PAGE, 'utf8'), figures));
}
