/**
 * `--pipeline FILE…`: processing pipelines for Sigma rules, the same for every command that loads rules.
 */
import type { CompileOptions } from '../rule/compile.ts';
import { printable } from './terminal.ts';

export const PIPELINE_HELP = 'processing pipelines for Sigma rules, in pySigma’s form: files and folders';

/** Tells what is wrong with them; `undefined` where a mistake keeps them from being applied. */
export async function readPipelines(
  paths: readonly string[] = [],
  errors: { write(text: string): unknown },
): Promise<CompileOptions | undefined> {
  if (paths.length === 0) return {};
  const { compileOptions } = await import('../engine/chosen-rules.ts');
  const { options, findings } = await compileOptions(paths);
  for (const { file, line, column, severity, message, hint } of findings) {
    const more = hint === undefined ? '' : ` ${printable(hint)}`;
    errors.write(`${printable(file)}:${line}:${column}: ${severity}: ${printable(message)}${more}\n`);
  }
  return options;
}
