/** What is wrong with the configuration, in words, with its place in the file. */
import type { ConfigFile } from '../config/config-file.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { renderDiagnostic } from '../diagnostic/render.ts';
import { positionAt } from '../diagnostic/span.ts';
import type { ReadSettings } from './service-options.ts';
import { printable, style, type TerminalStream } from './terminal.ts';

type Out = TerminalStream & { write(text: string): unknown };

/** Of the file and of the environment. Gives how many are errors. */
export function configProblems({ file, diagnostics }: ReadSettings, out: Out): number {
  const ofEnvironment = diagnostics.map((diagnostic) => `${renderDiagnostic('', diagnostic, coloured(out))}\n`);
  for (const text of ofEnvironment) out.write(text);
  return errorsIn(diagnostics) + (file === undefined ? 0 : fileProblems(file, out));
}

/** Of the file. Gives how many are errors. */
export function fileProblems({ path, text, diagnostics }: ConfigFile, out: Out): number {
  for (const diagnostic of diagnostics) {
    const { line, column } = positionAt(text, diagnostic.span.start);
    out.write(
      `${style(out).bold(printable(path))}:${line}:${column}\n${renderDiagnostic(text, diagnostic, coloured(out))}\n`,
    );
  }
  return errorsIn(diagnostics);
}

function errorsIn(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function coloured(out: Out): { readonly color: boolean } {
  return { color: style(out).bold('x') !== 'x' };
}
