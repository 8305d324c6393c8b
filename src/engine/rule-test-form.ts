/**
 * Tests of rules in Vedette's own form, YAML: `rule-name.test.yml`.
 *
 *   text ──YAML──▶ tree with places ──key by key──▶ RuleTest, or diagnostics
 *
 * A document of the file tests one rule. Every key is known or refused with the one that was probably meant, so that a slip
 * of the hand never turns an expectation off.
 */
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { NO_SPAN, positionAt } from '../diagnostic/span.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { parseYaml, plainYaml, type YamlMap, type YamlNode } from '../language/yaml.ts';
import type { RuleReference, RuleTest, TestCase } from './rule-test.ts';
import { readExpectation } from './rule-test-expectation.ts';
import { TestTree } from './rule-test-tree.ts';

export interface ReadTests {
  readonly tests: readonly RuleTest[];
  /** In the order of the text; a document with an error gives no test. */
  readonly diagnostics: readonly Diagnostic[];
}

const TEST_KEYS = ['rule', 'common', 'exceptions', 'cases'] as const;
const CASE_KEYS = ['name', 'events', 'files', 'exceptions', 'expect'] as const;

/** @param file as named; paths in the text are taken from its folder on */
export function readRuleTests(text: string, file: string): ReadTests {
  const tests: RuleTest[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of parseYaml(text)) {
    if (document.root === undefined) {
      diagnostics.push(...document.diagnostics);
      continue;
    }
    const tree = new TestTree();
    const test = new Reader(tree, text, file).test(document.root);
    diagnostics.push(...tree.diagnostics);
    if (tree.diagnostics.length === 0 && test !== undefined) tests.push(test);
  }
  return { tests, diagnostics };
}

class Reader {
  private readonly tree: TestTree;
  private readonly text: string;
  private readonly file: string;

  constructor(tree: TestTree, text: string, file: string) {
    this.tree = tree;
    this.text = text;
    this.file = file;
  }

  test(root: YamlNode): RuleTest | undefined {
    const map = this.tree.map(root, 'A test');
    if (map === undefined) return undefined;
    const given = this.tree.entries(map, TEST_KEYS, 'a test');
    const common = given.common === undefined ? {} : (this.document(given.common, '`common`') ?? {});
    const exceptions = this.records(given.exceptions, 'exceptions').map((one) => this.fromHere(one));
    const cases = this.tree.list(given.cases, 'cases', map.span).flatMap((node) => {
      const read = this.case(node, common, exceptions);
      return read === undefined ? [] : [read];
    });
    return { file: this.file, rule: this.rule(given.rule), cases };
  }

  private rule(node: YamlNode | undefined): RuleReference {
    if (node === undefined) return { kind: 'beside', value: this.file, span: NO_SPAN };
    const value = this.tree.text(node, 'rule') ?? '';
    // An id has no ending and names no folder.
    const isPath = /[/\\]/.test(value) || /\.(?:ya?ml|toml|ndjson|md|txt)$/i.test(value);
    return { kind: isPath ? 'path' : 'id', value: isPath ? this.path(value) : value, span: node.span };
  }

  private case(node: YamlNode, common: JsonObject, shared: readonly (JsonObject | string)[]): TestCase | undefined {
    const map = this.tree.map(node, 'A case');
    if (map === undefined) return undefined;
    const given = this.tree.entries(map, CASE_KEYS, 'a case');
    const name = given.name === undefined ? this.missing(map, 'name') : this.tree.text(given.name, 'name');
    const expect = given.expect === undefined ? this.missing(map, 'expect') : readExpectation(given.expect, this.tree);
    if (given.events === undefined && given.files === undefined) {
      this.tree.wrong('A case has `events`, or `files` of them.', map.span);
    }
    const events = this.records(given.events, 'events').map((record) =>
      typeof record === 'string' ? record : merged(common, record),
    );
    const files = this.tree
      .optionalList(given.files, 'files')
      .flatMap((item) => this.tree.text(item, 'files') ?? [])
      .map((path) => this.path(path));
    const exceptions = [...shared, ...this.records(given.exceptions, 'exceptions').map((one) => this.fromHere(one))];
    if (name === undefined || expect === undefined) return undefined;
    return { name, ...positionAt(this.text, map.span.start), events, files, exceptions, expect };
  }

  private missing(map: YamlMap, key: string): undefined {
    this.tree.wrong(`The case has no \`${key}\`.`, map.span);
    return undefined;
  }

  private records(node: YamlNode | undefined, key: string): (JsonObject | string)[] {
    const records: (JsonObject | string)[] = [];
    for (const item of this.tree.optionalList(node, key)) {
      const record = item.kind === 'map' ? this.document(item, `\`${key}\``) : this.tree.text(item, key);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  private document(node: YamlNode, what: string): JsonObject | undefined {
    const value = plainYaml(node);
    if (isJsonObject(value)) return value;
    this.tree.wrong(`${what} is to be a map.`, node.span);
    return undefined;
  }

  private fromHere(exception: JsonObject | string): JsonObject | string {
    return typeof exception === 'string' ? this.path(exception) : exception;
  }

  private path(written: string): string {
    return written.startsWith('/') ? written : join(dirname(this.file), written);
  }
}

/** The record, with what is common to all where it says nothing of its own. */
function merged(common: JsonObject, record: JsonObject): JsonObject {
  const result: Record<string, JsonObject[string]> = { ...common };
  for (const [key, value] of Object.entries(record)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const both = isJsonObject(before) && isJsonObject(value) ? merged(before, value) : value;
    Object.defineProperty(result, key, { value: both, enumerable: true, writable: true, configurable: true });
  }
  return result;
}
