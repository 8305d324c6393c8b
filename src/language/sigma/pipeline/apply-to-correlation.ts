/**
 * A pipeline on a correlation rule: its steps that name fields change `group-by`, `aliases` and the condition's `field`.
 *
 *   names ──as items without values──▶ steps whose conditions hold ──▶ names of now, in their places
 *
 * A field of `group-by` with several new names is each of them, together; elsewhere a field has one name. Conditions on the
 * log source hold where they hold for one of the rules that the correlation names. Source: pySigma 1.5.
 */
import { type Diagnostic, diagnose } from '../../../diagnostic/diagnostic.ts';
import type { LogSource } from '../../../vocabulary/sigma-log-sources.ts';
import type { Named, NamedSearch } from '../ast.ts';
import type { SigmaCorrelation } from '../parse-correlation.ts';
import { runSteps } from './apply-pipeline.ts';
import { type Pipeline, PipelineFault } from './pipeline.ts';
import { type RuleFacts, Run } from './work.ts';

export interface PipedCorrelation {
  /** Absent exactly when there is a diagnostic. */
  readonly correlation?: SigmaCorrelation;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param logSources of the rules that take part */
export function applyToCorrelation(
  correlation: SigmaCorrelation,
  pipeline: Pipeline,
  facts: () => RuleFacts,
  logSources: readonly LogSource[],
): PipedCorrelation {
  const { groupBy, aliases, condition, span } = correlation;
  const fields = new Fields(aliases);
  const searches = new Map([
    ...fields.searches('group', groupBy),
    ...[...aliases].flatMap(([alias, mapping]) => fields.searches(`alias ${alias}`, [...mapping.values()])),
    ...fields.searches('field', condition?.kind === 'bounds' ? condition.fields : []),
  ]);
  const detection = { logSource: { span }, searches, conditions: [], span };
  const run = new Run(detection, pipeline.vars, facts, logSources);
  try {
    runSteps(pipeline, run);
    return {
      correlation: {
        ...correlation,
        groupBy: fields.named('group', groupBy, run),
        aliases: new Map(
          [...aliases].map(([alias, mapping]) => {
            const now = fields.single(`alias ${alias}`, [...mapping.values()], run);
            return [alias, new Map([...mapping.keys()].map((rule, at) => [rule, now[at] as Named]))];
          }),
        ),
        ...(condition?.kind === 'bounds'
          ? { condition: { ...condition, fields: fields.single('field', condition.fields, run) } }
          : {}),
      },
      diagnostics: [],
    };
  } catch (error) {
    if (!(error instanceof PipelineFault)) throw error;
    const hint = 'The pipelines given with the rules say so.';
    return { diagnostics: [diagnose(error.code, 'error', error.message, error.span ?? span, hint)] };
  }
}

class Fields {
  private readonly aliases: SigmaCorrelation['aliases'];

  constructor(aliases: SigmaCorrelation['aliases']) {
    this.aliases = aliases;
  }

  /** What an alias is called is no field. */
  searches(part: string, fields: readonly Named[]): readonly (readonly [string, NamedSearch])[] {
    return fields.flatMap(({ name, span }, at) => {
      if (this.isAlias(part, name)) return [];
      const search = { kind: 'item' as const, field: name, modifiers: [], values: [], isList: false, span };
      return [[`${part} ${at}`, { name: `${part} ${at}`, nameSpan: span, search }]];
    });
  }

  named(part: string, fields: readonly Named[], run: Run): readonly Named[] {
    const all = fields.flatMap((field, at) => this.now(part, field, at, run));
    return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
  }

  single(part: string, fields: readonly Named[], run: Run): readonly Named[] {
    return fields.map((field, at) => {
      const [one, ...others] = this.now(part, field, at, run);
      if (one !== undefined && others.length === 0) return one;
      const message = `The pipelines give ${field.name.slice(0, 60)} several names, and here it can have one.`;
      throw new PipelineFault('pipeline-failed', message, field.span);
    });
  }

  private now(part: string, field: Named, at: number, run: Run): readonly Named[] {
    if (this.isAlias(part, field.name)) return [field];
    const names = run.fieldsOf(`${part} ${at}`);
    return names.map((name) => ({ name, span: field.span }));
  }

  private isAlias(part: string, name: string): boolean {
    return !part.startsWith('alias ') && this.aliases.has(name);
  }
}
