/**
 * Kusto's parser takes seconds and 200 MB: a scan that needs it not must not start its thread. Run in a process of its
 * own, because other tests do start it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const events = 'test/golden/scan/elastic-defend-python-server/events.ndjson';

/** Runs a scan and gives what the process holds at its end. */
function scanAlone(rules: readonly string[] | undefined): { kusto: boolean; languages: string[] } {
  const program = `
    import { scan } from './src/engine/index.ts';
    import { bundledRules, loadRules } from './src/rule/load.ts';
    import { isKustoLoaded } from './src/language/kusto/parsers.ts';
    const rules = ${JSON.stringify(rules)};
    await scan({ logs: ['${events}'], ...(rules === undefined ? {} : { rules }) }).alerts();
    const loaded = rules === undefined ? await bundledRules() : await loadRules(rules);
    console.log(JSON.stringify({ kusto: isKustoLoaded(), languages: loaded.rules.map((rule) => rule.document.language) }));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { kusto: boolean; languages: string[] };
}

it('the bundled rules, with their Kusto rule, run without the parser', () => {
  const { kusto, languages } = scanAlone(undefined);
  expect(languages).toContain('kusto');
  expect(kusto).toBe(false);
});

it('a Kusto rule of one’s own starts it', () => {
  expect(scanAlone(['test/golden/kusto-unloaded.yaml'])).toEqual({ kusto: true, languages: ['kusto'] });
});
