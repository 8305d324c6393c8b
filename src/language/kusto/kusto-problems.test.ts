import { expect, test } from 'vitest';
import { compileKusto } from './kusto.ts';

/** `severity code “the place” message ⇒ hint`, one a diagnostic. */
async function problems(query: string): Promise<string[]> {
  const { diagnostics } = await compileKusto(query);
  return diagnostics.map(
    ({ severity, code, message, span, hint }) =>
      `${severity} ${code} “${query.slice(span.start, span.end)}” ${message}${hint === undefined ? '' : ` ⇒ ${hint}`}`,
  );
}

test.each([
  [
    'imProcessCreate | where TargetProcesName has "a"',
    'error kusto-name-unknown “TargetProcesName” There is no column or variable “TargetProcesName”. ⇒ Did you mean TargetProcessName?',
  ],
  [
    'imProcessCreat | where User == "a"',
    'error kusto-table-unknown “imProcessCreat” There is no table “imProcessCreat”. ⇒ Did you mean imProcessCreate?',
  ],
  [
    'AccessLogs',
    'error kusto-table-unknown “AccessLogs” There is no table “AccessLogs”. ⇒ Names mind upper and lower case.',
  ],
  [
    'imProcessCreate | where tolowr(User) == "a"',
    'error kusto-function-unknown “tolowr” There is no function “tolowr”. ⇒ Did you mean tolower?',
  ],
  [
    'imProcessCreate | where ipv4_is_private(DvcIpAddr)',
    /^error kusto-function-unsupported “ipv4_is_private” The function “ipv4_is_private” is not supported yet\. ⇒ Supported are ago, case/,
  ],
  [
    'imProcessCreate | wher User == "a" and Dvc == "b"',
    'error kusto-syntax “wher” There is no operator “wher”. ⇒ Did you mean where?',
  ],
  [
    'imProcessCreate | where User == "a" | projct User, Dvc',
    'error kusto-syntax “projct” There is no operator “projct”. ⇒ Did you mean project?',
  ],
  [
    'imProcessCreate | where User hass "x" and Foo == "b"',
    'error kusto-syntax “hass” There is no operator “hass”. ⇒ Did you mean has?',
  ],
  [
    'imProcessCreate | where User zzzzzz "x" | take 1',
    'error kusto-syntax “zzzzzz” The query was complete before this. ⇒ An operator (==, has, contains, …) or a | is missing.',
  ],
  [
    'imProcessCreate\nwhere User == "a"',
    'error kusto-syntax “where” A | is missing before “where”. ⇒ Each operator over a table begins with |.',
  ],
  [
    'imProcessCreate | where User = "a"',
    'error kusto-syntax “User = "a"” The expression must have the type bool. ⇒ Equal is written ==, or =~ where upper and lower case are alike.',
  ],
  [
    'imProcessCreate | where User == "a" && Dvc == "b"',
    /^error kusto-syntax “&” .*⇒ Conditions are joined by and, or\./,
  ],
  ['imProcessCreate | zzzzzzzz 5', 'error kusto-syntax “zzzzzzzz” There is no operator “zzzzzzzz”.'],
  [
    'imProcessCreate | summarize count() by User',
    'error kusto-unsupported “summarize” The operator “summarize” is not supported yet. ⇒ Supported are where, extend, project, take (limit) and count.',
  ],
  [
    'imProcessCreate | join (imProcessCreate) on User',
    /^error kusto-unsupported “join” The operator “join” is not supported yet\./,
  ],
  ['union imProcessCreate, imProcessCreate', /^error kusto-unsupported “union .*” Several tables together/],
  [
    'imProcessCreate(eventtype="x")',
    'error kusto-unsupported “(eventtype="x")” Giving imProcessCreate parameters is not supported yet.',
  ],
  [
    'imProcessCreate | where AdditionalFields.a == "b"',
    /^error kusto-unsupported “AdditionalFields.a” A path into a dynamic value/,
  ],
  [
    'imProcessCreate | take 5 | where User == "a"',
    'error kusto-unsupported “where User == "a"” “where” behind “take” is not supported yet. ⇒ Put “where” first.',
  ],
  [
    'imProcessCreate | count | take 1',
    'error kusto-unsupported “take 1” Anything behind “count” is not supported yet.',
  ],
  ['let f = (x:string) { x has "a" }; imProcessCreate | where f(User)', /^error kusto-function-unsupported “f”/],
  [
    'imProcessCreate | where User hassuffix Dvc',
    'error kusto-unsupported “User hassuffix Dvc” The right side must be a constant text here.',
  ],
  [
    'imProcessCreate | where TargetProcessCreationTime > ago(1d)',
    'error kusto-unsupported “TargetProcessCreationTime > ago(1d)” “now” and “ago” are only supported beside TimeGenerated.',
  ],
  [
    'imProcessCreate | where CommandLine matches regex "("',
    'error kusto-regex “"("” The regular expression is wrong: missing closing ): (.',
  ],
  ['imProcessCreate | where TargetProcessId == 5', /^error kusto-type “TargetProcessId == 5” .*tostring\(\)/],
  ['imProcessCreate | where strlen(User)', 'error kusto-syntax “strlen(User)” The expression must have the type bool.'],
  [
    'imProcessCreate | where TimeGenerated > datetime(31.12.2024)',
    /^error kusto-literal “datetime\(31.12.2024\)” .*⇒ Write datetime\(2024-01-31\)/,
  ],
  ['imProcessCreate | where User == "a', 'error kusto-syntax “” Missing: ".'],
  ['imProcessCreate |', 'error kusto-syntax “” Query operator expected.'],
  ['', /^error kusto-syntax “” The text holds no query\. ⇒ Write for example: imProcessCreate/],
  ['print 1', /^error kusto-unsupported “print 1” A query without a table/],
  [
    'imProcessCreate | where TargetUserSid == "x"',
    'warning kusto-column-empty “TargetUserSid” Nothing that is read here fills “TargetUserSid”, so it is always empty.',
  ],
  ['imProcessCreate | where TimeGenerated > ago(1h)', /^info kusto-run-window “TimeGenerated > ago\(1h\)”/],
] as [string, string | RegExp][])('%s', async (query, expected) => {
  const found = await problems(query);
  if (typeof expected === 'string') expect(found).toEqual([expected]);
  else expect(found.join('\n')).toMatch(expected);
});

test('every problem of a query is told, in the order of the text', async () => {
  const found = await problems('imProcessCreate | where Foo == 1 and bar(User) | top 5 by User');
  expect(found.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'error kusto-name-unknown “Foo”',
    'error kusto-function-unknown “bar”',
    'error kusto-unsupported “top”',
  ]);
});

test('hostile queries are refused in bounded time', async () => {
  const deep = `imProcessCreate | where ${'('.repeat(1_200)}true${')'.repeat(1_200)}`;
  // Of which limit it falls foul is a matter of how busy the machine is.
  expect((await problems(deep))[0]).toMatch(/^error kusto-too-(deep|slow)/);
  const calls = `imProcessCreate | where User == ${'strcat("a",'.repeat(120)}User${')'.repeat(120)}`;
  expect((await problems(calls)).length).toBeLessThan(3);
  const doubling = Array.from({ length: 30 }, (_, at) => `| extend a${at + 1} = strcat(a${at}, a${at})`);
  const grown = await problems(`imProcessCreate | extend a0 = User ${doubling.join(' ')} | where a30 == "x"`);
  expect(grown.some((line) => line.startsWith('error kusto-too-deep'))).toBe(true);
  const truths = Array.from({ length: 30 }, (_, at) => `| extend b${at + 1} = b${at} == b${at}`);
  const nested = await problems(`imProcessCreate | extend b0 = User == "a" ${truths.join(' ')} | where b30`);
  expect(nested.some((line) => line.startsWith('error kusto-too-deep'))).toBe(true);
  expect((await problems(`imProcessCreate | where User == "${'a'.repeat(70_000)}"`))[0]).toMatch(
    /^error kusto-too-long/,
  );
});

test('a long list and a long chain are understood', async () => {
  const list = Array.from({ length: 1_000 }, (_, at) => `"user${at}"`).join(', ');
  expect(await problems(`imProcessCreate | where User in (${list})`)).toEqual([]);
  const chain = Array.from({ length: 200 }, (_, at) => `User == "user${at}"`).join(' or ');
  expect(await problems(`imProcessCreate | where ${chain}`)).toEqual([]);
});
