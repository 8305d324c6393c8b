/**
 * What changes Sigma rules before they run, the same for every command that loads rules: `--pipeline FILE…`,
 * `--placeholder NAME=VALUE[,VALUE]` and `--placeholders FILE…`.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { RuleChanges } from '../engine/chosen-rules.ts';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { CompileOptions } from '../rule/compile.ts';
import type { Finding } from '../rule/finding.ts';
import { printable } from './terminal.ts';

interface Errors {
  write(text: string): unknown;
}

export interface RuleChangeFlags {
  readonly pipeline?: readonly string[];
  readonly placeholder?: Placeholders;
  readonly placeholders?: readonly string[];
  readonly own?: string;
}

export function addRuleChangeOptions(command: Command): Command {
  return command
    .option('--pipeline <paths...>', 'processing pipelines for Sigma rules, in pySigma’s form: files and folders')
    .option(
      '--placeholder <name=values>',
      'values of a placeholder in Sigma rules (%name%), parted by commas; may be given several times',
      oneMore,
    )
    .option(
      '--placeholders <files...>',
      'values of placeholders in Sigma rules: YAML, a list of values under each name',
    )
    .option(
      '--own <folder>',
      'tables, watchlists and functions of your own, which queries and rules in Kusto may name',
    );
}

/**
 * Tells what is wrong with the files of placeholders; `undefined` where something is. A placeholder given in the command
 * line counts more than one in a file.
 */
export async function readRuleChanges(flags: RuleChangeFlags, errors: Errors): Promise<RuleChanges | undefined> {
  const { pipeline: pipelines = [], placeholder = new Map(), placeholders: files = [] } = flags;
  const own = flags.own === undefined ? {} : { own: flags.own };
  if (files.length === 0) return { pipelines, placeholders: placeholder, ...own };
  const { loadPlaceholders } = await import('../rule/placeholders.ts');
  const { placeholders, findings } = await loadPlaceholders(files);
  tell(findings, errors);
  return findings.length > 0
    ? undefined
    : { pipelines, placeholders: new Map([...placeholders, ...placeholder]), ...own };
}

/** Tells what is wrong with the pipelines; `undefined` where a mistake keeps them from being applied. */
export async function readCompileOptions(changes: RuleChanges, errors: Errors): Promise<CompileOptions | undefined> {
  const { compileOptions } = await import('../engine/chosen-rules.ts');
  const { options, findings } = await compileOptions(changes);
  tell(findings, errors);
  return options;
}

function tell(findings: readonly Finding[], errors: Errors): void {
  for (const { file, line, column, severity, message, hint } of findings) {
    const more = hint === undefined ? '' : ` ${printable(hint)}`;
    errors.write(`${printable(file)}:${line}:${column}: ${severity}: ${printable(message)}${more}\n`);
  }
}

function oneMore(written: string, before: Placeholders = new Map()): Placeholders {
  const [, name, values] = /^%?([^%\s\\=]+)%?=([\s\S]+)$/.exec(written) ?? [];
  if (name === undefined || values === undefined) {
    throw new InvalidArgumentError('Write name=value, or name=value,value.');
  }
  return new Map([...before, [name, values.split(',').map((value) => value.trim())]]);
}
