/**
 * Tests in the form of SigmaHQ's regression data: an `info.yml` in a folder of its own, with the events beside it.
 *
 *   info.yml: rule_metadata[].id, regression_tests_info[]: name, path, match_count ──▶ RuleTest, or diagnostics
 *
 * `path` names a Windows event log (.evtx) from the root of the repository on. The same events lie beside it as JSON, and
 * these are read. A case passes with at least `match_count` matches, and without one with at least one, as SigmaHQ's own
 * runner has it. `provider` says Sysmon for every event, whatever it is, and is not followed.
 */
import { basename, dirname, join } from 'node:path';
import { positionAt } from '../diagnostic/span.ts';
import { entryOf, parseYaml, type YamlMap, type YamlNode } from '../language/yaml.ts';
import type { RuleTest, TestCase } from './rule-test.ts';
import type { ReadTests } from './rule-test-form.ts';
import { TestTree } from './rule-test-tree.ts';

/** @param file as named; its events lie in its folder */
export function readRegression(text: string, file: string): ReadTests {
  const [document] = parseYaml(text);
  if (document?.root === undefined) return { tests: [], diagnostics: document?.diagnostics ?? [] };
  const tree = new TestTree();
  const test = readInfo(document.root, text, file, tree);
  const isRead = test !== undefined && tree.diagnostics.length === 0;
  return { tests: isRead ? [test] : [], diagnostics: tree.diagnostics };
}

function readInfo(root: YamlNode, text: string, file: string, tree: TestTree): RuleTest | undefined {
  const map = tree.map(root, 'The description of a regression test');
  if (map === undefined) return undefined;
  const [about] = tree.list(entryOf(map, 'rule_metadata')?.value, 'rule_metadata', map.span);
  const infos = tree.list(entryOf(map, 'regression_tests_info')?.value, 'regression_tests_info', map.span);
  const id = about && textUnder(tree.map(about, 'An item of `rule_metadata`'), 'id', tree);
  const cases = infos.flatMap((node) => readCase(tree.map(node, 'A test'), text, file, tree) ?? []);
  if (about === undefined || id === undefined) return undefined;
  return { file, rule: { kind: 'id', value: id, span: about.span }, cases };
}

function readCase(info: YamlMap | undefined, text: string, file: string, tree: TestTree): TestCase | undefined {
  const path = textUnder(info, 'path', tree);
  if (info === undefined || path === undefined) return undefined;
  const name = entryOf(info, 'name')?.value;
  const given = entryOf(info, 'match_count')?.value;
  const number = given === undefined ? 1 : (tree.count(given, 'match_count') ?? 1);
  return {
    name: (name && tree.text(name, 'name')) ?? 'Positive Detection Test',
    ...positionAt(text, info.span.start),
    events: [],
    files: [join(dirname(file), basename(path.replaceAll('\\', '/')).replace(/\.evtx$/i, '.json'))],
    exceptions: [],
    expect: { count: { of: 'matches', number, atLeast: true }, every: {}, explain: [] },
  };
}

function textUnder(map: YamlMap | undefined, key: string, tree: TestTree): string | undefined {
  if (map === undefined) return undefined;
  const value = entryOf(map, key)?.value;
  if (value !== undefined) return tree.text(value, key);
  tree.wrong(`\`${key}\` is missing.`, map.span);
  return undefined;
}
