import { expect, test } from 'vitest';
import { completeKusto } from './complete.ts';

/** At `^`: the first options offered. */
async function offered(marked: string, most = 3): Promise<string[]> {
  const offset = marked.indexOf('^');
  const { options } = await completeKusto(marked.replace('^', ''), offset);
  return options.slice(0, most).map(({ label }) => label);
}

test.each([
  ['imProc^', ['imProcessCreate']],
  ['let x = Devi^', ['DeviceProcessEvents']],
  ['imProcessCreate | su^', ['summarize']],
  ['imProcessCreate | join kind=inner (DeviceNet^', ['DeviceNetworkEvents']],
  ['imProcessCreate | where CommandL^', ['CommandLine']],
  ['imProcessCreate | extend Own = 1 | where Ow^', ['Own']],
  ['let T = print Odd = 1; T | where Od^', ['Odd']],
  ['imProcessCreate | summarize make_s^', ['make_set']],
  ['imProcessCreate | where tolower(CommandL^', ['CommandLine']],
  ['imProcessCreate | where isnotemp^', ['isnotempty']],
  ["print ['a b'] = 1 | where a^", ['a b']],
  ['print "imProc^', []],
  ['// imProc^', []],
])('%s', async (marked, first) => {
  expect((await offered(marked)).slice(0, first.length)).toEqual(first);
  if (first.length === 0) expect(await offered(marked)).toEqual([]);
});

test('a column is told with its type, and an odd name is quoted', async () => {
  const text = "print ['a b'] = 1.5 | where a";
  const { start, options } = await completeKusto(text, text.length);
  expect(start).toBe(text.length - 1);
  expect(options[0]).toEqual({ label: 'a b', kind: 'field', insert: "['a b']", detail: 'real' });
});
