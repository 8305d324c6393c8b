/**
 * The rules that tests name, each read and compiled once.
 *
 *   paths, and files beside tests ──inspect──┐
 *   ids ──files whose text holds one──inspect──┴──▶ the rule of a test, or why there is none
 *
 * A repository has thousands of rules and tests a part of them. A file is therefore inspected only if a wanted id stands
 * in its text; ids that no file states (they are derived from the rule's name) are looked for in all the others after that.
 * Where a correlation or a filter lies among them, what a rule means follows from other files too, and all are inspected.
 */
import { dirname } from 'node:path';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { CompileOptions } from '../rule/compile.ts';
import { type Inspection, inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import { inspectRules } from '../rule/load.ts';
import { RULE_FILE_ENDINGS } from '../rule/rule-file-names.ts';
import { readRuleFiles } from '../rule/rule-files.ts';
import { isInfoName, isTestName, testedName } from '../rule/test-file.ts';
import type { RuleTest } from './rule-test.ts';

export type TestedRule = { readonly rule: LoadedRule } | { readonly diagnostic: Diagnostic };

/** Endings of rule files that a test may lie beside; `.md` and `.txt` may hold a page with rules. */
const ENDINGS = [...RULE_FILE_ENDINGS, '.md', '.txt'];

/**
 * @param paths where rules named by their id are looked for, beside the folders of the tests
 * @returns for each test its rule, in order
 */
export async function findTestedRules(
  tests: readonly RuleTest[],
  paths: readonly string[],
  options: CompileOptions = {},
): Promise<readonly TestedRule[]> {
  const byPath = new Map<string, Promise<readonly Inspection[]>>();
  const inspectionsAt = (path: string) => {
    const known = byPath.get(path) ?? inspectFile(path, options);
    byPath.set(path, known);
    return known;
  };
  const wanted = new Set(tests.flatMap(({ rule }) => (rule.kind === 'id' ? [rule.value] : [])));
  const folders = tests.filter(({ file }) => !isInfoName(file)).map(({ file }) => dirname(file));
  const byId = await findIds(wanted, [...new Set([...paths.map(searchedAt), ...folders])], options);
  const found: TestedRule[] = [];
  for (const { rule, file } of tests) {
    const { kind, value, span } = rule;
    const refuse = (message: string, hint?: string) => ({
      diagnostic: diagnose('test-rule', 'error', message, span, hint),
    });
    if (kind === 'id') {
      const inspection = byId.get(value);
      const hint = 'Name the rule’s file, or tell where rules lie with --rules.';
      found.push(
        inspection === undefined ? refuse(`No rule has the id ${shown(value)}.`, hint) : ran(inspection, refuse),
      );
      continue;
    }
    const inspections = kind === 'path' ? await inspectionsAt(value) : await besideOf(file, inspectionsAt);
    if (inspections === undefined) {
      const hint = 'Say which rule is tested: `rule:` and its file or its id.';
      found.push(refuse(`No rule file named ${shown(testedName(file))} lies beside the test.`, hint));
      continue;
    }
    const [first, second] = meantOf(inspections);
    if (first === undefined) found.push(refuse(`There is no rule in ${shown(value)}.`));
    else if (second === undefined) found.push(ran(first, refuse));
    else found.push(refuse('The file holds several rules.', 'Write the id of the one that is tested.'));
  }
  return found;
}

/** A correlation that stands in one file with the rules it names is what the file is about. */
function meantOf(inspections: readonly Inspection[]): readonly Inspection[] {
  const correlations = inspections.filter(({ rule }) => rule?.plan.kind === 'window');
  return correlations.length === 1 ? correlations : inspections;
}

type Refuse = (message: string, hint?: string) => TestedRule;

function ran({ rule, findings, file }: Inspection, refuse: Refuse): TestedRule {
  if (rule !== undefined) return { rule };
  const error = findings.find(({ severity }) => severity === 'error');
  const place = error === undefined || error.line === 0 ? file : `${file}:${error.line}:${error.column}`;
  return refuse(`The rule does not run: ${place}: ${error?.message ?? 'it holds none.'}`);
}

async function inspectFile(path: string, options: CompileOptions): Promise<readonly Inspection[]> {
  const inspections: Inspection[] = [];
  for await (const inspection of inspectRules([path], options)) inspections.push(inspection);
  return inspections;
}

type ReadText = { readonly file: string; readonly text: string };

async function besideOf(
  test: string,
  inspectionsAt: (path: string) => Promise<readonly Inspection[]>,
): Promise<readonly Inspection[] | undefined> {
  for (const ending of ENDINGS) {
    const inspections = await inspectionsAt(`${testedName(test)}${ending}`);
    if (inspections.some(({ text }) => text !== undefined)) return inspections;
  }
  return undefined;
}

async function findIds(
  wanted: ReadonlySet<string>,
  paths: readonly string[],
  options: CompileOptions,
): Promise<ReadonlyMap<string, Inspection>> {
  const found = new Map<string, Inspection>();
  if (wanted.size === 0) return found;
  const take = (inspections: readonly Inspection[]) => {
    for (const inspection of inspections) {
      const id = inspection.document?.id;
      if (id !== undefined && wanted.has(id) && !found.has(id)) found.set(id, inspection);
    }
  };
  const texts: ReadText[] = [];
  for await (const files of readRuleFiles(paths)) {
    for (const read of files) if ('text' in read) texts.push(read);
  }
  if (texts.some(({ text }) => REACHES_OTHERS.test(text))) {
    for await (const inspection of inspectRules(paths, options)) take([inspection]);
    return found;
  }
  // A hunting page gives its query the Sigma rule's id with an ending.
  const holdsOne = holdsOneOf([...wanted].map((id) => id.replace(/-kusto$/, '')));
  const likely: ReadText[] = [];
  const others: ReadText[] = [];
  for (const read of texts) (holdsOne(read.text) ? likely : others).push(read);
  for (const { text, file } of [...likely, ...others]) {
    if (found.size === wanted.size) break;
    take(await inspectWhole(text, file, options));
  }
  return found;
}

/** Sigma's correlations and filters, whose files say something of the rules of others. */
const REACHES_OTHERS = /^(?:correlation|filter):/m;

/** UUIDs are looked up where the text has some, so that thousands of ids cost no more than one. */
function holdsOneOf(ids: readonly string[]): (text: string) => boolean {
  const uuids = new Set(ids.filter((id) => UUID_ONLY.test(id)));
  const others = ids.filter((id) => !uuids.has(id));
  return (text) => {
    for (const [uuid] of text.matchAll(UUID)) if (uuids.has(uuid)) return true;
    return others.some((id) => text.includes(id));
  };
}

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;
const UUID_ONLY = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** A file that was named stands for its folder. */
function searchedAt(path: string): string {
  return isTestName(path) || isInfoName(path) ? dirname(path) : path;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
