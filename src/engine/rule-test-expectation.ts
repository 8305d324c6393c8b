/**
 * What a case expects, read from the test's YAML:
 *
 *   expect: none │ 2 │ at least 2 │ {alerts: none │ 2 │ at least 2 │ [one alert, …], severity: …, explain: …}
 *
 * Keys beside `alerts` hold of every alert. Where nothing says how many, at least one has to come.
 */
import type { YamlNode } from '../language/yaml.ts';
import { given as withoutUndefined } from '../rule/given.ts';
import { RISK_OF_SEVERITY, severityOf } from '../rule/severity.ts';
import type { AlertExpectation, Expectation, ExpectedCount, ExpectedValues } from './rule-test.ts';
import type { TestTree } from './rule-test-tree.ts';

const ALERT_KEYS = ['severity', 'risk_score', 'sentence', 'evidence', 'fields', 'events', 'join_keys'] as const;
const EXPECT_KEYS = ['alerts', 'excepted', 'explain', ...ALERT_KEYS] as const;
const COUNT_HINT = 'Write `none`, a number, or `at least` and a number.';

type Given = Partial<Record<(typeof EXPECT_KEYS)[number], YamlNode>>;

export function readExpectation(node: YamlNode, tree: TestTree): Expectation | undefined {
  if (node.kind === 'scalar') {
    const count = readCount(node, tree);
    return count === undefined ? undefined : { count, every: {}, explain: [] };
  }
  const map = tree.map(node, '`expect`');
  if (map === undefined) return undefined;
  const given = tree.entries(map, EXPECT_KEYS, '`expect`');
  if (map.entries.length === 0) tree.wrong('`expect` says nothing.', map.span, COUNT_HINT);
  const each = given.alerts?.kind === 'list' ? given.alerts.items.map((item) => readEach(item, tree)) : undefined;
  const count = each === undefined ? countOf(given, tree) : exactly(each.length);
  const explain = readTexts(given.explain, 'explain', tree);
  if (count === undefined) return undefined;
  if (given.explain !== undefined && (count.number > 0 || count.atLeast)) {
    const hint = 'Leave it out, or write `alerts: none`.';
    tree.wrong('`explain` says why no alert comes, but alerts are expected.', given.explain.span, hint);
  }
  return {
    count,
    ...exceptedOf(given.excepted, tree),
    every: readAlert(given, tree),
    ...(each === undefined ? {} : { each }),
    explain,
  };
}

function countOf({ alerts, excepted }: Given, tree: TestTree): ExpectedCount | undefined {
  if (alerts !== undefined) return readCount(alerts, tree);
  return excepted === undefined ? { of: 'alerts', number: 1, atLeast: true } : exactly(0);
}

function readCount(node: YamlNode, tree: TestTree): ExpectedCount | undefined {
  const value = node.kind === 'scalar' ? node.value : undefined;
  if (value === 'none') return exactly(0);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return exactly(value);
  const [, atLeast] = typeof value === 'string' ? (/^at least (\d{1,6})$/.exec(value) ?? []) : [];
  if (atLeast !== undefined) return { of: 'alerts', number: Number(atLeast), atLeast: true };
  tree.wrong('This does not say how many alerts are expected.', node.span, COUNT_HINT);
  return undefined;
}

function exactly(number: number): ExpectedCount {
  return { of: 'alerts', number, atLeast: false };
}

function exceptedOf(node: YamlNode | undefined, tree: TestTree): Pick<Expectation, 'excepted'> {
  if (node === undefined) return {};
  if (node.kind === 'scalar' && typeof node.value === 'string') return { excepted: node.value };
  const number = tree.count(node, 'excepted');
  return number === undefined ? {} : { excepted: number };
}

function readEach(node: YamlNode, tree: TestTree): AlertExpectation {
  const map = tree.map(node, 'What is expected of an alert');
  return map === undefined ? {} : readAlert(tree.entries(map, ALERT_KEYS, 'what is expected of an alert'), tree);
}

function readAlert(given: Given, tree: TestTree): AlertExpectation {
  const { severity, risk_score, sentence, evidence, fields, events, join_keys } = given;
  return withoutUndefined<AlertExpectation>({
    severity: severity && readSeverity(severity, tree),
    riskScore: risk_score && tree.count(risk_score, 'risk_score'),
    sentence: sentence && tree.text(sentence, 'sentence'),
    evidence: evidence && readValues(evidence, 'evidence', tree),
    fields: fields && readValues(fields, 'fields', tree),
    events: events && tree.count(events, 'events'),
    joinKeys: join_keys && tree.optionalList(join_keys, 'join_keys').flatMap((key) => asText(key, tree)),
  });
}

function readSeverity(node: YamlNode, tree: TestTree): AlertExpectation['severity'] {
  const severity = node.kind === 'scalar' ? severityOf(String(node.value)) : undefined;
  if (severity === undefined) {
    tree.wrong('This is no severity.', node.span, `There are ${Object.keys(RISK_OF_SEVERITY).join(', ')}.`);
  }
  return severity;
}

function readTexts(node: YamlNode | undefined, key: string, tree: TestTree): readonly string[] {
  if (node === undefined) return [];
  return (node.kind === 'list' ? node.items : [node]).flatMap((item) => tree.text(item, key) ?? []);
}

function readValues(node: YamlNode, key: string, tree: TestTree): ExpectedValues | undefined {
  const map = tree.map(node, `\`${key}\``);
  if (map === undefined) return undefined;
  const entries = map.entries.map(({ key: field, value }) => {
    const values = value.kind === 'list' ? value.items : [value];
    return [field, values.flatMap((one) => asText(one, tree))] as const;
  });
  return Object.fromEntries(entries);
}

function asText(node: YamlNode, tree: TestTree): readonly string[] {
  if (node.kind === 'scalar' && node.value !== null) return [String(node.value)];
  tree.wrong('A text, a number or a truth value is expected here.', node.span);
  return [];
}
