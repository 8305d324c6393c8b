/**
 * Sentinel's rules as people write them (scheduled, near-real-time, ARM, hunting), with every key, over the sample.
 *
 *   rules/, own/ ──scan──▶ alerts, in short ──▶ expected.ndjson
 *
 * After a wanted change: `vitest run --project golden -u sentinel-rules`, and read the difference.
 */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Alert } from '../../src/detect/alert.ts';
import { runScan } from '../../src/engine/scan.ts';
import { valuesAt } from '../../src/event/field-path.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const FIELDS = ['host.name', 'user.name', 'process.pid', 'process.command_line', 'file.name'];

it('alert as they say', async () => {
  const alerts: Alert[] = [];
  const { findings, problems, funnel, rules, idle } = await runScan(
    {
      logs: [path('../../sample/web-07-audit.log')],
      rules: [path('sentinel-rules/rules')],
      own: path('sentinel-rules/own'),
    },
    (some) => void alerts.push(...some),
  );
  const told = findings.map(({ rule, code, severity }) => `${rule.name}: ${severity} ${code}`).sort();
  const lines = [{ rules, idle, funnel, problems, told }, ...alerts.map(inShort).sort(byName)];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await expect(text).toMatchFileSnapshot(path('sentinel-rules/expected.ndjson'));
});

/** Its time but for the seconds, since runs of one slot come in no order. */
function inShort(alert: Alert) {
  const { rule, severity, risk_score: risk, reason, threat, custom_details: details, query_result: result } = alert;
  const event = alert.events.at(-1) ?? {};
  const fields = FIELDS.flatMap((name) => {
    const values = valuesAt(event, name);
    return values.length === 0 ? [] : [[name, values[0]] as const];
  });
  return {
    rule: rule.name,
    time: alert.original_time,
    severity,
    risk,
    reason,
    tactics: threat.map(({ tactic }) => tactic.name),
    ...(details === undefined ? {} : { details }),
    fields: Object.fromEntries(fields),
    events: alert.events.length,
    ...(result === undefined
      ? {}
      : { columns: result.columns.map(({ name }) => name), count: result.count, window: result.window }),
  };
}

function byName(a: ReturnType<typeof inShort>, b: ReturnType<typeof inShort>): number {
  const [x, y] = [JSON.stringify([a.rule, a.time, a.reason]), JSON.stringify([b.rule, b.time, b.reason])];
  return x < y ? -1 : Number(x > y);
}
