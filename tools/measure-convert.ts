/**
 * How many of SigmaHQ's rules convert to each language, what keeps the others, and whether the converted ones say the
 * same on recorded events.
 *
 *   node tools/measure-convert.ts      writes docs/figures/convert.json and the table of docs/convert.md
 *
 * Needs the corpora (`VEDETTE_CORPORA`). Takes some minutes: every query is read back by its front end.
 */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIALECTS, type DialectName } from '../src/dialect/dialect-names.ts';
import { readBack } from '../src/engine/prove.ts';
import { readEvents } from '../src/engine/read-events.ts';
import { compileMatcher } from '../src/match/matcher.ts';
import type { Predicate } from '../src/plan/predicate/node.ts';
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
  const rows = DIALECTS.map((name) => {
    const { converted, refused, compared, different, matches } = targets[name];
    const reasons = Object.entries(refused)
      .sort(([, a], [, b]) => b - a)
      .map(([code, count]) => `${number(count)} \`${code}\``);
    const proof =
      compared === undefined
        ? 'not provable'
        : `${number(compared - (different ?? 0))} of ${number(compared)} (${number(matches ?? 0)} matches)`;
    return `| \`${name}\` | ${number(converted)} | ${PYSIGMA[name]} | ${reasons.join(', ')} | ${proof} |`;
  });
  const head = '| target | converted | pySigma | refused, by reason | same on recorded events |\n|---|---|---|---|---|';
  return page.replace(TABLE, (_, open: string, close: string) => [`${open}${head}`, ...rows, close].join('\n'));
}

async function measure(corpora: string): Promise<ConvertFigures> {
  const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-compliance'];
  const { rules } = await loadRules(folders.map((name) => join(corpora, 'sigma', name)));
  const folder = mkdtempSync(join(tmpdir(), 'vedette-convert-'));
  const regression = join(folder, 'regression.ndjson');
  writeFileSync(regression, regressionEvents(join(corpora, 'sigma', 'regression', 'cases.ndjson')));
  const events = [regression, ...globSync(join(corpora, 'windows-telemetry', '*.ndjson.gz'))];
  const targets = {} as Record<DialectName, TargetFigures>;
  for (const to of DIALECTS) {
    targets[to] = await measureTarget(rules, to, events);
    console.log(to, targets[to]);
  }
  rmSync(folder, { recursive: true });
  return { rules: rules.length, targets };
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
  paths: readonly string[],
): Promise<TargetFigures> {
  const refused: Record<string, number> = {};
  const pairs: { readonly original: Predicate; readonly converted: Predicate; readonly name: string }[] = [];
  let [converted, unread] = [0, 0];
  for (const rule of rules) {
    // With the operating system where it can be asked for, since that is what is compared.
    const conversion = convertRule(rule, { to, system: to === 'kql-asim' ? 'keep' : 'table' });
    const code = conversion.diagnostics.find(({ severity }) => severity === 'error')?.code;
    if (code !== undefined) {
      refused[code] = (refused[code] ?? 0) + 1;
      continue;
    }
    converted += 1;
    const sides = await readBack(rule, conversion);
    if ('original' in sides) pairs.push({ ...sides, name: rule.document.name });
    else {
      unread += 1;
      if (to !== 'esql') console.log(`${to}: ${rule.document.name}: ${sides.reason}`);
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
  await readEvents(paths, (event) => {
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
  });
  return { converted, refused, compared: pairs.length, unread, events: count, matches, different: different.size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const corpora = findCorpora();
  if (corpora === undefined) {
    console.error('The corpora are not there; set VEDETTE_CORPORA to their folder.');
    process.exit(1);
  }
  const figures = await measure(corpora);
  writeFileSync(FIGURES, `${JSON.stringify(figures, undefined, 2)}\n`);
  writeFileSync(PAGE, withConvertFigures(readFileSync(PAGE, 'utf8'), figures));
}
