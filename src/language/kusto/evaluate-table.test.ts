/**
 * Queries over tables from their text to their rows, by the reference evaluator: what the recorded answers of the
 * engine do not have. Expected rows follow Microsoft's pages on the operators.
 */
import { expect, test } from 'vitest';
import { answerJson, answerText } from '../../plan/relation/answer-json.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { RelationRefusal } from '../../plan/relation/refusal.ts';
import type { Table } from '../../vocabulary/table.ts';
import { compileKustoTable, type SettledColumns } from './kusto-table.ts';

const TABLES: readonly Table[] = [];
const NOWHERE = { now: 0n, tables: () => [], external: () => [], mostRows: 10_000 };

async function answer(query: string) {
  const settled: SettledColumns[] = [];
  for (;;) {
    const { plan, unsettled, diagnostics } = await compileKustoTable(query, { tables: TABLES, settled });
    if (unsettled !== undefined) {
      const columns = pluginColumns(unsettled, evaluateRelation(unsettled.input, NOWHERE));
      settled.push({ span: unsettled.span, columns });
      continue;
    }
    if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
    return { columns: plan.relation.columns, rows: evaluateRelation(plan.relation, NOWHERE) };
  }
}

const EVENTS = `datatable (Ts: timespan, Event: string) [
  0m,"A", 1m,"Start", 2m,"B", 3m,"D", 4m,"Stop", 6m,"C", 8m,"Start", 11m,"E", 12m,"Stop"] | sort by Ts asc`;
const NETWORKS = `let Nets = datatable(network:string, site:string, k:string)
  ["10.0.0.0/8","wide","x", "10.1.0.0/16","inner","y", "198.51.100.0/24","lab","b", "nothing","none","a"]`;
const ADDRESSES =
  'datatable(ip:string, k:string)["10.1.2.3","a", "198.51.100.7","b", "203.0.113.9","c", "no address","d"]';
const STATES = 'datatable(State:string, Kind:string, N:long)["A","x",1, "A","y",2, "B","x",3, "A","x",4]';

test.each<readonly [query: string, rows: readonly (readonly unknown[])[]]>([
  [
    `${EVENTS} | scan with_match_id=m with (step s1: Event == "Start"; step s2: Event != "Start" and Event != "Stop" and Ts - s1.Ts <= 5m; step s3: Event == "Stop" and Ts - s1.Ts <= 5m;) | project m, Event`,
    [
      [0, 'Start'],
      [0, 'B'],
      [0, 'D'],
      [0, 'Stop'],
      [1, 'Start'],
      [1, 'E'],
      [1, 'Stop'],
    ],
  ],
  [
    `${EVENTS} | scan with (step s1 output=none: Event == "Start"; step s2 output=last: Event in ("B", "D", "E"); step s3: Event == "Stop";) | project Event`,
    [['D'], ['Stop'], ['E'], ['Stop']],
  ],
  [
    `${NETWORKS}; ${ADDRESSES} | evaluate ipv4_lookup(Nets, ip, network) | sort by ip asc, network asc`,
    [
      ['10.1.2.3', 'a', '10.0.0.0/8', 'wide', 'x'],
      ['10.1.2.3', 'a', '10.1.0.0/16', 'inner', 'y'],
      ['198.51.100.7', 'b', '198.51.100.0/24', 'lab', 'b'],
    ],
  ],
  [
    `${NETWORKS}; ${ADDRESSES} | evaluate ipv4_lookup(Nets, ip, network, k, return_unmatched = true) | project ip, site`,
    [
      ['10.1.2.3', ''],
      ['198.51.100.7', 'lab'],
      ['203.0.113.9', ''],
      ['no address', ''],
    ],
  ],
  [
    'let Nets = datatable(n:string, s:string)["2001:db8::/32", "six", "10.0.0.0/8", "four"]; datatable(ip:string)["2001:db8:0::1", "10.9.9.9", "fe80::1"] | evaluate ipv6_lookup(Nets, ip, n) | project ip, s',
    [
      ['2001:db8:0::1', 'six'],
      ['10.9.9.9', 'four'],
    ],
  ],
  [
    'print y = dynamic([2, 4, 6, 8, 30, 12, 14, 16]) | extend (flag, score, base) = series_decompose_anomalies(y, 1.5, 0, "linefit") | project flag, toint(toreal(score[4]) * 1000), array_length(base)',
    [[[0, 0, 0, 0, 1, 0, 0, 0], 5124, 8]],
  ],
  [
    'datatable(t:datetime)[datetime(2024-01-01 00:30), datetime(2024-01-01 02:10), datetime(2024-01-01 03:40), datetime(2024-01-01 04:00)] | make-series n = count() on t in range(startofday(datetime(2024-01-01 05:00)), datetime(2024-01-01 03:20), 1h) | project n, array_length(t)',
    [[[1, 0, 1, 1], 4]],
  ],
  [
    `${STATES} | make-series n = sum(N) on N in range(0, 4, 2) | project n, N`,
    [
      [
        [1, 5, 4],
        [0, 2, 4],
      ],
    ],
  ],
  [
    `${STATES} | evaluate pivot(Kind, sum(N))`,
    [
      ['A', 5, 2],
      ['B', 3, 0],
    ],
  ],
  [
    `${STATES} | evaluate pivot(Kind, count(), State)`,
    [
      ['A', 2, 1],
      ['B', 1, 0],
    ],
  ],
  [
    `${STATES} | take 1 | evaluate narrow()`,
    [
      [0, 'State', 'A'],
      [0, 'Kind', 'x'],
      [0, 'N', '1'],
    ],
  ],
  ['print d = dynamic({"b": 1, "a": "x"}) | evaluate bag_unpack(d, "p_")', [['x', 1]]],
  [
    'print a = 1, d = dynamic({"b": 2, "a": 3}) | evaluate bag_unpack(d, columnsConflict = "keep_source") | project a, b',
    [[1, 2]],
  ],
  [
    'print a = 1, d = dynamic({"b": 2, "a": 3}) | evaluate bag_unpack(d, columnsConflict = "replace_source") | project a, b',
    [[3, 2]],
  ],
  [
    'print a = 1, d = dynamic({"b": 2, "a": 3}) | evaluate bag_unpack(d, ignoredProperties = dynamic(["a"])) | project a, b',
    [[1, 2]],
  ],
  [
    'print a = 1, d = dynamic({"b": 2, "a": 3}) | evaluate bag_unpack(d, "p_", "error", dynamic(["b"])) | project a, p_a',
    [[1, 3]],
  ],
  ['print s = "a=1 rest" | parse s with "a=" a:long', [['a=1 rest', null]]],
  ['print s = "a=1 rest" | parse s with "a=" a:long *', [['a=1 rest', 1]]],
  ['print s = "a=x" | parse kind=relaxed s with "a=" a:long', [['a=x', null]]],
  ['print s = "a=x" | parse-where s with "a=" a:long', []],
  [
    'print s = "k: a b, l: c" | parse-kv s as (k:string, l:string) with (pair_delimiter=",", kv_delimiter=":")',
    [['k: a b, l: c', 'a b', 'c']],
  ],
  [
    'print s = "k=a b l=c" | parse-kv s as (k:string, l:string) with (pair_delimiter=" ", kv_delimiter="=", greedy=true)',
    [['k=a b l=c', 'a b', 'c']],
  ],
  ['print s = "a1 b22" | parse-kv s as (a:long, b:long) with (regex=@"([a-z])(\\d+)")', [['a1 b22', 1, 22]]],
  ['range x from 1 to 10 step 1 | summarize percentiles(x, 5, 50, 95), percentile(x, 90)', [[1, 5, 10, 9]]],
  [
    'range x from 1 to 4 step 1 | summarize take_any(x), dcount(x % 2), stdevp(x), binary_all_or(x)',
    [[1, 2, Math.sqrt(1.25), 7]],
  ],
  [
    'datatable(t:datetime)[datetime(2024-01-01 03:10), datetime(2024-01-01 05:00)] | make-series n = count() on t step 1h',
    [
      [
        [1, 0, 1],
        ['2024-01-01T03:00:00.0000000Z', '2024-01-01T04:00:00.0000000Z', '2024-01-01T05:00:00.0000000Z'],
      ],
    ],
  ],
  [
    'range t from datetime(2024-01-01) to datetime(2024-01-01 02:00) step 1h | serialize s = row_window_session(t, 1d, 30m) | summarize dcount(s)',
    [[3]],
  ],
  ['range x from 0.0 to 1.0 step 0.5', [[0], [0.5], [1]]],
  [
    'print (a, b, c) = array_sort_asc(dynamic([2, null, true, "x", 1]), dynamic(["b", "n", "t", "s", "a"]), dynamic([0]))',
    [[[1, 2, 'x', true, null], ['a', 'b', 's', 't', 'n'], null]],
  ],
  [
    'print array_sort_desc(dynamic([2, true, "x", 3]), dynamic([1, 2, 3, 4]))',
    [
      [
        [3, 2, 'x', true],
        [4, 1, 3, 2],
      ],
    ],
  ],
  ['print replace_regex("baaac", "a*", "X"), countof("aaa", "a*", "regex")', [['XbXcX', 1]]],
  ['print extract_json("$.a", @\'{"a":"5"}\', typeof(long))', [[5]]],
  ['print format_timespan(time(29.09:00:05.12345), "dd.hh:mm:ss [FF]")', [['29.09:00:05 [12]']]],
  ['print s = @\'j={"a":[1]} k\' | parse s with "j=" j:dynamic " k" | project toint(j.a[0])', [[1]]],
  [
    'print s = @\'a={"x":1};b=2\' | parse-kv s as (a:dynamic, b:dynamic) with (pair_delimiter=";", kv_delimiter="=") | project gettype(a), toint(b)',
    [['dictionary', 2]],
  ],
  [
    'datatable(t:long, v:long)[] | make-series kind=nonempty s = sum(v) default = 7 on t from 0 to 2 step 1',
    [
      [
        [7, 7],
        [0, 1],
      ],
    ],
  ],
  ['datatable(t:long, v:long)[] | make-series s = sum(v) on t from 0 to 2 step 1', []],
  [
    'datatable(r:real)[1.0, 2.5] | summarize l = make_list(r) | project tostring(l), strcat_array(l, ","), gettype(l[0]), l[0] == 1, toint(l[0])',
    [['[1.0,2.5]', '1.0,2.5', 'real', true, 1]],
  ],
  [
    'print d = parse_json(@\'{"a":[1.0,1e3,9223372036854775807,5],"b":{"c":2.50}}\') | project tostring(d), gettype(d.a[2]), gettype(d.a[3]), array_length(bag_keys(d)), array_sort_desc(d.a)[1] == 1000',
    [['{"a":[1.0,1000.0,9223372036854775807,5],"b":{"c":2.5}}', 'long', 'long', 2, true]],
  ],
  [
    'print d = dynamic({"a": 1.0, "b": 2}) | evaluate bag_unpack(d) | getschema | project ColumnType',
    [['real'], ['long']],
  ],
  [
    'datatable(v:dynamic)[dynamic({"x":1, "y":3.5}), dynamic({"x":"some", "z":[1, 2]}), dynamic({"y":{"w":"z"}, "t":["aa"], "z":["foo"]})] | summarize buildschema(v)',
    [
      [
        {
          x: ['long', 'string'],
          y: ['double', { w: 'string' }],
          z: { '`indexer`': ['long', 'string'] },
          t: { '`indexer`': 'string' },
        },
      ],
    ],
  ],
  [
    'range x from 1 to 4 step 1 | summarize covarianceif(x, x * 2, x > 1), variancepif(x, x < 3), covariancepif(x, x, x > 2)',
    [[2, 0.25, 0.25]],
  ],
  [
    'range x from 1 to 50 step 1 | extend r = rand(), n = rand(3), g = new_guid() | summarize dcount(g), countif(r < 0 or r >= 1), countif(n !in (0.0, 1.0, 2.0))',
    [[50, 0, 0]],
  ],
  [
    'print tostring(series_iir(dynamic([1, 2]), dynamic([1]), dynamic([1, -1]))), tostring(series_fir(dynamic([1, 2]), dynamic([1, -1]), false)), tostring(series_stats_dynamic(dynamic([1, 3])).avg)',
    [['[1.0,3.0]', '[1,1]', '2.0']],
  ],
  ['datatable(x:real)[real(nan), 1.0, real(null), real(-inf)] | sort by x asc', [[null], ['NaN'], ['-Infinity'], [1]]],
  ['print x = 1 | where x in ((range y from 1 to 3 step 1)) | count', [[1]]],
  [
    `let s = materialize(${STATES} | summarize n = sum(N) by State); s | where n > toscalar(s | summarize avg(n)) | project State`,
    [['A']],
  ],
])('%s', async (query, rows) => {
  expect(answerJson(await answer(query)).rows).toEqual(rows);
});

test('longs keep all their digits in the text of an answer', async () => {
  const made = await answer('print l = 9223372036854775807, i = int(1), r = real(nan), s = "x", t = 1d');
  const columns =
    '"columns":[{"name":"l","type":"long"},{"name":"i","type":"int"},{"name":"r","type":"real"},{"name":"s","type":"string"},{"name":"t","type":"timespan"}]';
  expect(answerText(made)).toBe(`{${columns},"rows":[[9223372036854775807,1,"NaN","x","1.00:00:00"]]}`);
});

test('what gives too many rows ends with a refusal', async () => {
  const large = 'range x from 1 to 5000 step 1';
  for (const query of [
    'range x from 1 to 1000000000000 step 1',
    `${large} | extend k = 1 | join kind=inner (${large} | extend k = 1) on k | count`,
    `${large} | extend l = range(1, 1000) | mv-expand l`,
    `union (${large}), (${large}), (${large})`,
  ]) {
    await expect(answer(query)).rejects.toThrow(RelationRefusal);
  }
});
