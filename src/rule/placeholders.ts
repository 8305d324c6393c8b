/**
 * Values of Sigma's placeholders from files: YAML or JSON, a map of names to one value or several.
 *
 *   Servers: [srv-web-*, srv-db-*]
 *   Administrators: adm-*
 *
 * A name may be written as in rules (`%Servers%`). Of a name in several files the last counts.
 */
import { readFile, stat } from 'node:fs/promises';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { Span } from '../diagnostic/span.ts';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import { parseYaml, type YamlNode } from '../language/yaml.ts';
import { type Finding, toFindings } from './finding.ts';

export interface LoadedPlaceholders {
  readonly placeholders: Placeholders;
  /** Errors: with a mistake in a file none of its values count. */
  readonly findings: readonly Finding[];
}

const LARGEST = 2 * 1024 * 1024;
const HINT = 'For example: Servers: [srv-web-*, srv-db-*]';

/** @param files what they hold never makes this throw */
export async function loadPlaceholders(files: readonly string[]): Promise<LoadedPlaceholders> {
  const placeholders = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  for (const file of files) {
    const text = await textOf(file);
    const { values, diagnostics } = text === undefined ? UNREADABLE : readPlaceholders(text);
    findings.push(...toFindings(diagnostics, text ?? '', file, {}));
    if (diagnostics.length === 0) for (const [name, texts] of values) placeholders.set(name, texts);
  }
  return { placeholders, findings };
}

/** The name without percent signs; `undefined` where no placeholder can be called so. */
export function placeholderName(written: string): string | undefined {
  return /^%?([^%\s\\]+)%?$/.exec(written)?.[1];
}

interface ReadPlaceholders {
  readonly values: Placeholders;
  readonly diagnostics: readonly Diagnostic[];
}

const UNREADABLE: ReadPlaceholders = {
  values: new Map(),
  diagnostics: [
    diagnose(
      'rule-file-unreadable',
      'error',
      `The file cannot be read: it is not there, may not be read, is no UTF-8 text, or is larger than ${LARGEST / 1024 ** 2} MB.`,
    ),
  ],
};

function readPlaceholders(text: string): ReadPlaceholders {
  const values = new Map<string, readonly string[]>();
  const [document, second] = parseYaml(text);
  if (document?.root === undefined) return { values, diagnostics: document?.diagnostics ?? [] };
  const { root } = document;
  const diagnostics: Diagnostic[] = [];
  const wrong = (message: string, span: Span) => {
    diagnostics.push(diagnose('sigma-placeholder-file', 'error', message, span, HINT));
  };
  if (second !== undefined) wrong('The file holds several documents; one is wanted.', second.span);
  if (root.kind !== 'map') {
    wrong('Placeholders are a map of names to values.', root.span);
    return { values, diagnostics };
  }
  for (const { key, keySpan, value } of root.entries) {
    const name = placeholderName(key);
    const texts = textsOf(value);
    if (name === undefined) wrong('A placeholder’s name has no spaces, backslashes or percent signs in it.', keySpan);
    else if (texts === undefined)
      wrong(`The values of ${name.slice(0, 60)} must be a text or a list of texts.`, value.span);
    else values.set(name, texts);
  }
  return { values, diagnostics };
}

function textsOf(node: YamlNode): readonly string[] | undefined {
  const items = node.kind === 'list' ? node.items : [node];
  const texts = items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [String(item.value)] : []));
  return texts.length === 0 || texts.length < items.length ? undefined : texts;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > LARGEST) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    return undefined;
  }
}
