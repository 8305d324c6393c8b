/**
 * How long the pages take to answer a key or a click while 100,000 alerts are stored, in a real browser.
 *
 *   node bench/clicks.ts [--alerts 100000] [--json]
 *
 *   alerts ──store──▶ service (a process of its own) ◀──HTTP── Chromium ◀──keys, clicks── this
 *
 * Two times are taken in the page, from the key or the click on: `shown`, until the first change that a person sees (the
 * answer, or that it is on its way), and `answered`, until the answer stands there and nothing is on its way any more. `shown` is the one that has to stay
 * under 100 ms. `--json` prints figures for a program.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { manyAlerts } from '../src/store/alert.fixture.ts';
import { openStateStore } from '../src/store/open-state-store.ts';
import { startServiceProcess } from '../test/browser/service-process.ts';
import { findChromium } from '../test/requirement.ts';

interface Click {
  readonly name: string;
  readonly act: (page: Page) => Promise<void>;
  /** An expression of the page that is true when the answer stands there. */
  readonly answered: string;
}

interface Measured {
  readonly click: string;
  /** Milliseconds: the median and the worst of the runs. */
  readonly shown: readonly [median: number, worst: number];
  readonly answered: readonly [median: number, worst: number];
}

const RUNS = 7;
const STORED_ONE_BY_ONE = 5_000;
/** As `manyAlerts` makes them. */
const BETWEEN_ALERTS_MS = 20_000;
const STEP_MS = 60_000;
const SETTLE_MS = 200;
const RULES = fileURLToPath(new URL('../rules/vedette', import.meta.url));

const key = (name: string) => (page: Page) => page.keyboard.press(name);
const link = (name: string) => (page: Page) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
const title = (pattern: RegExp) => `${pattern}.test(document.querySelector('h1')?.textContent ?? '')`;
const has = (selector: string) => `document.querySelector(${JSON.stringify(selector)}) !== null`;
const text = (pattern: RegExp) => `${pattern}.test(document.body.innerText)`;

const inStatus = (pattern: RegExp) =>
  `[...document.querySelectorAll('[role=status]')].some(({ textContent }) => ${pattern}.test(textContent))`;

/** The line over the page is on, or a list is dimmed or empty until its answer comes. */
const UNDER_WAY = has('main [aria-busy=true], [data-on=true]');
const LISTED = `${title(/alert/)} && ${has('[role=table] [data-index]')}`;
const OPENED = has('[aria-label="Decide and facts"]');

/** One after another: each begins where the one before ended. */
const CLICKS: readonly Click[] = [
  { name: 'alerts, from another page', act: link('Alerts'), answered: LISTED },
  { name: 'the next row (j)', act: key('j'), answered: has('[data-active=true]') },
  { name: 'open an alert (Enter)', act: key('Enter'), answered: OPENED },
  { name: 'the next alert (j)', act: key('j'), answered: text(/\b2 of /) },
  { name: 'decide (b)', act: key('b'), answered: inStatus(/Closed: benign/) },
  { name: 'reopen (o)', act: key('o'), answered: `!(${inStatus(/Closed: benign/)})` },
  {
    name: 'an exception from it (e)',
    act: key('e'),
    answered: `${title(/New exception/)} && ${text(/It would have removed|no stored alert or match/)}`,
  },
  { name: 'back to the alert (Esc)', act: key('Escape'), answered: `${OPENED} && !${title(/New exception/)}` },
  { name: 'back to the list (Esc)', act: key('Escape'), answered: LISTED },
  {
    name: 'the critical ones',
    act: (page) =>
      page
        .getByRole('group', { name: 'Severity' })
        .getByRole('button', { name: /critical/i })
        .click(),
    answered: title(/match/),
  },
  {
    name: 'all severities again',
    act: (page) =>
      page
        .getByRole('group', { name: 'Severity' })
        .getByRole('button', { name: /critical/i })
        .click(),
    answered: title(/to decide$/),
  },
  {
    name: 'sorted by host',
    act: (page) => page.getByRole('columnheader', { name: 'Host' }).getByRole('button').click(),
    answered: `location.search.includes('sort=host') && ${LISTED}`,
  },
  {
    name: 'every alert in a row of its own (p)',
    act: key('p'),
    answered: `location.search.includes('fold=off') && ${LISTED}`,
  },
  { name: 'folded again (p)', act: key('p'), answered: `!location.search.includes('fold=off') && ${LISTED}` },
  { name: 'incidents', act: link('Incidents'), answered: title(/incidents? to decide/) },
  {
    name: 'an incident',
    act: (page) => page.locator('a[href^="/incidents/"]').first().click(),
    answered: `location.pathname.startsWith('/incidents/') && ${has('h1')}`,
  },
  { name: 'exceptions', act: link('Exceptions'), answered: title(/exception/i) },
];

const { values } = parseArgs({ options: { alerts: { type: 'string' }, json: { type: 'boolean', default: false } } });
const alerts = Number(values.alerts ?? 100_000);
const chromiumPath = findChromium();
if (chromiumPath === undefined) throw new Error('There is no Chromium on the path; VEDETTE_CHROMIUM names one.');

const folder = mkdtempSync(join(tmpdir(), 'vedette-clicks-'));
try {
  fill();
  const service = await startServiceProcess(folder, ['--no-watch', '--no-sample', '--rules', RULES]);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(STEP_MS);
    await page.goto(`${service.url}/exceptions`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    print(await measureAll(page));
  } finally {
    await browser.close();
    await service.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first go the way of every alert; the others are copies of them, hours later, in one transaction. */
function fill(): void {
  const first = Math.min(alerts, STORED_ONE_BY_ONE);
  const store = openStateStore(folder);
  const position = { source: 'bench', position: String(first) };
  store.commit({ alerts: [...manyAlerts(first)], positions: [position], runs: [] });
  store.close();
  if (alerts > first) copyAlerts(join(folder, 'state.sqlite'), first, Math.ceil(alerts / first));
}

function copyAlerts(file: string, count: number, times: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN IMMEDIATE');
  const last = (table: string, key: string) =>
    Number(database.prepare(`SELECT max(${key}) AS n FROM ${table}`).get()?.n ?? 0);
  const [alert, incident] = [last('alert', 'seq'), last('incident', 'id')];
  for (let n = 1; n < times; n += 1) {
    const later = n * count * BETWEEN_ALERTS_MS;
    const id = `substr(id, 1, 8) || printf('%04x', ${n}) || substr(id, 13)`;
    const time = (column: string) => `${column} + ${later}`;
    const copy = (table: string, where: string, changed: Readonly<Record<string, string>>) => {
      const columns = database.prepare(`PRAGMA table_info(${table})`).all();
      const names = columns.map(({ name }) => name as string);
      const values = names.map((name) => changed[name] ?? `${table}.${name}`);
      database.exec(`INSERT INTO ${table} (${names.join()}) SELECT ${values.join()} FROM ${table} ${where}`);
    };
    const shifted = { seq: `alert.seq + ${n * alert}`, fold: `fold + ${n * alert}` };
    copy('incident', `WHERE id <= ${incident}`, {
      id: `id + ${n * incident}`,
      from_ms: time('from_ms'),
      to_ms: time('to_ms'),
    });
    copy('alert', `WHERE seq <= ${alert}`, {
      ...shifted,
      id,
      time_ms: time('time_ms'),
      time: `strftime('%Y-%m-%dT%H:%M:%fZ', (time_ms + ${later}) / 1000.0, 'unixepoch')`,
      entity: `entity || '-${n}'`,
      incident: `incident + ${n * incident}`,
    });
    copy('alert_document', `JOIN alert USING (seq) WHERE seq <= ${alert}`, {
      seq: `seq + ${n * alert}`,
      document: `replace(document, id, ${id})`,
    });
    database.exec(
      `INSERT INTO alert_search (rowid, search) SELECT rowid + ${n * alert}, search FROM alert_search WHERE rowid <= ${alert}`,
    );
  }
  database.exec('COMMIT');
  database.close();
}

async function measureAll(page: Page): Promise<readonly Measured[]> {
  const times = CLICKS.map(() => ({ shown: [] as number[], answered: [] as number[] }));
  // The first round fetches the pages' scripts and is left out.
  for (let run = 0; run <= RUNS; run += 1) {
    for (const [index, click] of CLICKS.entries()) {
      const { shown, answered } = await measure(page, click);
      if (run === 0) continue;
      times[index]?.shown.push(shown);
      times[index]?.answered.push(answered);
    }
  }
  return CLICKS.map(({ name }, index) => ({
    click: name,
    shown: spread(times[index]?.shown ?? []),
    answered: spread(times[index]?.answered ?? []),
  }));
}

interface Times {
  readonly shown: number;
  readonly answered: number;
}

async function measure(page: Page, { name, act, answered }: Click): Promise<Times> {
  await page.evaluate(WATCH(answered));
  await act(page);
  const times = await Promise.race([page.evaluate<Times>('window.clicked'), sleep(STEP_MS)]);
  if (times === undefined) throw new Error(`“${name}” was not answered: ${await page.title()}, ${page.url()}`);
  // So that what is still on its way is not taken for the next one's answer.
  await sleep(SETTLE_MS);
  return times;
}

/** A frame after a change is when a person sees it. */
function WATCH(answered: string): string {
  return `window.clicked = new Promise((resolve) => {
    let begun;
    let shown;
    const begin = () => { begun ??= performance.now(); };
    for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, begin, { capture: true, once: true });
    const look = () => requestAnimationFrame(() => setTimeout(() => {
      const now = performance.now();
      shown ??= now - begun;
      if (!(${answered}) || ${UNDER_WAY}) return;
      observer.disconnect();
      resolve({ shown, answered: now - begun });
    }));
    const observer = new MutationObserver(() => { if (begun !== undefined) look(); });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  }), undefined`;
}

function spread(times: readonly number[]): readonly [number, number] {
  const sorted = times.toSorted((a, b) => a - b);
  return [round(sorted[sorted.length >> 1] ?? 0), round(sorted.at(-1) ?? 0)];
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function print(clicks: readonly Measured[]): void {
  const machine = `${cpus()[0]?.model.trim()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`;
  if (values.json) {
    console.log(JSON.stringify({ machine, alerts, runs: RUNS, clicks }, undefined, 2));
    return;
  }
  console.log(`${alerts.toLocaleString('en-US')} alerts; ${machine}; milliseconds, median and worst of ${RUNS}`);
  for (const { click, shown, answered } of clicks) {
    const cells = [...shown, ...answered].map((time) => time.toFixed(1).padStart(9)).join('');
    console.log(`${click.padEnd(38)}${cells}`);
  }
}
