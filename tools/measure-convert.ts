/**
 * How many of SigmaHQ's rules convert to each language, what keeps the others, and whether the converted ones say the
 * same on recorded events.
 *
 *   node tools/measure-convert.ts            writes docs/figures/convert.json and the table of docs/convert.md
 *   node tools/measure-convert.ts eql esql   only these; the others stay as they are in the file
 *
 * Needs the corpora (`VEDETTE_CORPORA`). Takes some minutes: every query is read back by its front end.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { DIALECTS, type DialectName } from '../src/dialect/dialect-names.ts';
import { readBack } from '../src/engine/prove.ts';
import { readEvents } from '../src/engine/read-events.ts';
import type { Event } from '../src/event/event.ts';
import { compileMatcher } from '../src/match/matcher.ts';
import { and, type Predicate } from '../src/plan/predicate/node.ts';
import { convertRule } from '../src/rule/convert.ts';
import type { LoadedRule } from '../src/rule/inspect.ts';
import { loadRules } from '../src/rule/load.ts';
import { findCorpora } from '../test/requirement.ts';

export interface ConvertFigures {
  readonly rules: number;
  readonly targets: Readonly<Record<DialectName, TargetFigures>>;
}

interface TargetFigures {
  readonly converted: number;
  /** By the code of the first reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Read back and compared; absent for a language without a front end. */
  readonly compared?: number;
  readonly unread?: number;
  readonly events?: number;
  readonly matches?: number;
  readonly different?: number;
}

/** facts of pySigma 1.5.0 over 3,754 rules. */
const PYSIGMA: Readonly<Record<DialectName, string>> = {
  'kql-asim': '1,675',
  'kql-xdr': '2,318',
  eql: '3,747',
  esql: '3,645',
  lucene: '3,747',
};

const PAGE = fileURLToPath(new URL('../docs/convert.md', import.meta.url));
const FIGURES = fileURLToPath(new URL('../docs/figures/convert.json', import.meta.url));
const TABLE = /(<!-- figures: convert -->\n)[\s\S]*?(<!-- \/figures -->)/;

export function withConvertFigures(page: string, { targets }: ConvertFigures): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const rows = DIALECTS.filter((name) => targets[name] !== undefined).map((name) => {
    const { converted, refused, compared, different, events, matches } = targets[name];
    const reasons = Object.entries(refused)
      .sort(([, a], [, b]) => b - a)
      .map(([code, count]) => `${number(count)} \`${code}\``);
    const proof =
      compared === undefined
        ? name === 'esql'
          ? 'not provable'
          : 'not compared'
        : `${number(compared - (different ?? 0))} of ${number(compared)} (${number(events ?? 0)} events, ${number(matches ?? 0)} matches)`;
    return `| \`${name}\` | ${number(converted)} | ${PYSIGMA[name]} | ${reasons.join(', ')} | ${proof} |`;
  });
  const head = '| target | converted | pySigma | refused, by reason | same on recorded events |\n|---|---|---|---|---|';
  return page.replace(TABLE, (_, open: string, close: string) => [`${open}${head}`, ...rows, close].join('\n'));
}

/** Every so-manieth event of the captures is compared, so that it ends within minutes: expressions cost more than texts. */
const EVERY: Readonly<Record<DialectName, number>> = { 'kql-asim': 1, 'kql-xdr': 1, eql: 20, esql: 1, lucene: 100 };

async function measure(corpora: string, wanted: readonly DialectName[]): Promise<void> {
  const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-compliance'];
  const { rules } = await loadRules(folders.map((name) => join(corpora, 'sigma', name)));
  const folder = mkdtempSync(join(tmpdir(), 'vedette-convert-'));
  const regression = join(folder, 'regression.ndjson');
  writeFileSync(regression, regressionEvents(join(corpora, 'sigma', 'regression', 'cases.ndjson')));
  const captures = globSync(join(corpora, 'windows-telemetry', '*.ndjson.gz'));
  for (const to of wanted) {
    const figures = await measureTarget(rules, to, regression, captures);
    console.log(to, figures);
    save(rules.length, to, figures);
  }
  rmSync(folder, { recursive: true });
}

/** Beside what other targets have in the file. */
function save(rules: number, to: DialectName, figures: TargetFigures): void {
  const before = existsSync(FIGURES) ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as ConvertFigures).targets : {};
  const all = { ...before, [to]: figures };
  const targets = Object.fromEntries(
    DIALECTS.flatMap((name) => (name in all ? [[name, all[name as keyof typeof all]]] : [])),
  );
  const whole = { rules, targets } as unknown as ConvertFigures;
  writeFileSync(FIGURES, `${JSON.stringify(whole, undefined, 2)}\n`);
  writeFileSync(PAGE, withConvertFigures(readFileSync(PAGE, 'utf8'), whole));
}

/** The events of SigmaHQ's regression cases, one a line. */
function regressionEvents(path: string): string {
  const cases = readFileSync(path, 'utf8').trim().split('\n');
  return cases
    .flatMap((line) =>
      (JSON.parse(line) as { readonly events: readonly object[] }).events.map((event) => `${JSON.stringify(event)}\n`),
    )
    .join('');
}

async function measureTarget(
  rules: readonly LoadedRule[],
  to: DialectName,
  regression: string,
  captures: readonly string[],
): Promise<TargetFigures> {
  const refused: Record<string, number> = {};
  const pairs: { readonly original: Predicate; readonly converted: Predicate; readonly name: string }[] = [];
  let [converted, unread] = [0, 0];
  for (const rule of rules) {
    // With the operating system, which is not what is compared: asked for where it can be, else added to the query.
    const conversion = convertRule(rule, { to, system: to === 'kql-asim' ? 'keep' : 'table' });
    const code = conversion.diagnostics.find(({ severity }) => severity === 'error')?.code;
    if (code !== undefined) {
      refused[code] = (refused[code] ?? 0) + 1;
      continue;
    }
    converted += 1;
    const sides = await readBack(rule, conversion);
    if ('original' in sides) {
      const { original, converted } = sides;
      const onSystem = to === 'kql-xdr' ? and([...systemsOf(original), converted], NO_SPAN) : converted;
      pairs.push({ original, converted: onSystem, name: rule.document.name });
    } else {
      unread += 1;
      if (to !== 'esql' && 'reason' in sides) console.log(`${to}: ${rule.document.name}: ${sides.reason}`);
    }
  }
  if (to === 'esql') return { converted, refused };
  const reads = () => true;
  const matcher = compileMatcher(
    pairs.flatMap(({ original, converted }) => [
      { predicate: original, reads },
      { predicate: converted, reads },
    ]),
  );
  const different = new Set<string>();
  let [count, matches] = [0, 0];
  const compareOn = (event: Event) => {
    count += 1;
    const found = new Set<number>();
    matcher.match(event, (index) => found.add(index));
    for (const index of found) {
      const pair = pairs[index >> 1];
      if (index % 2 === 0) matches += 1;
      if (pair === undefined || found.has(index ^ 1) || different.has(pair.name)) continue;
      different.add(pair.name);
      const who = index % 2 === 0 ? 'rule' : 'query';
      console.log(`${to}: only the ${who} fires: ${pair.name}: ${JSON.stringify(event.document()).slice(0, 400)}`);
    }
    return true;
  };
  await readEvents([regression], compareOn);
  let read = 0;
  await readEvents(captures, (event) => {
    read += 1;
    return read % EVERY[to] !== 0 || compareOn(event);
  });
  return { converted, refused, compared: pairs.length, unread, events: count, matches, different: different.size };
}

function systemsOf(predicate: Predicate): readonly Predicate[] {
  const conjuncts = predicate.kind === 'and' ? predicate.children : [predicate];
  return conjuncts.filter((node) => node.kind === 'match-any' && node.field.name === 'host.os.type');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const corpora = findCorpora();
  if (corpora === undefined) {
    console.error('The corpora are not there; set VEDETTE_CORPORA to their folder.');
    process.exit(1);
  }
  const named = DIALECTS.filter((name) => process.argv.includes(name));
  await measure(corpora, named.length > 0 ? named : DIALECTS);
}
