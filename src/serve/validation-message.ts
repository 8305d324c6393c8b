/**
 * Words for what a request's schema found wrong: what, where, and what is accepted.
 *
 *   Ajv's first finding ──explainValidation──▶ {code, message, hint}
 */
import { nearestName } from '../diagnostic/nearest.ts';

/** As Fastify throws it. */
export interface SchemaFailure extends Error {
  readonly validation: readonly SchemaFinding[];
  readonly validationContext?: string;
}

interface SchemaFinding {
  readonly keyword: string;
  /** A JSON pointer; of our flat schemas, one name. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly parentSchema?: { readonly description?: string; readonly properties?: Readonly<Record<string, unknown>> };
}

export interface RequestParts {
  readonly query: unknown;
  readonly body: unknown;
}

interface Explained {
  readonly code: 'query-invalid' | 'query-unknown' | 'body-invalid';
  readonly message: string;
  readonly hint?: string;
}

/** The schemas say in `description` what a value may be; that becomes the hint. */
export function explainValidation(failure: SchemaFailure, request: RequestParts): Explained {
  const inBody = failure.validationContext === 'body';
  const [finding] = failure.validation;
  const code = inBody ? 'body-invalid' : 'query-invalid';
  if (finding === undefined) return { code, message: failure.message };
  const noun = inBody ? 'The body’s key' : 'The parameter';
  if (finding.keyword === 'additionalProperties') return unknownName(finding, inBody);
  if (finding.keyword === 'required') {
    return { code, message: `${noun} \`${String(finding.params.missingProperty)}\` is missing.` };
  }
  const name = finding.instancePath.slice(1);
  if (name === '') return { code, message: 'The body has to be one JSON object.' };
  const value = namedIn(inBody ? request.body : request.query, name);
  const hint = finding.parentSchema?.description;
  const repeated = !inBody && Array.isArray(value);
  const message = repeated
    ? `${noun} \`${name}\` is given ${value.length} times.`
    : `${noun} \`${name}\` cannot be ${shown(value)}.`;
  return hint === undefined ? { code, message } : { code, message, hint };
}

function unknownName({ params, parentSchema }: SchemaFinding, inBody: boolean): Explained {
  const name = String(params.additionalProperty);
  const known = Object.keys(parentSchema?.properties ?? {});
  const nearest = nearestName(name, known);
  const accepted = known.length === 0 ? 'None is accepted here.' : `Accepted: ${known.join(', ')}.`;
  const hint = nearest === undefined ? accepted : `Did you mean \`${nearest}\`? ${accepted}`;
  if (inBody) return { code: 'body-invalid', message: `There is no key ${shown(name)} in the body.`, hint };
  return { code: 'query-unknown', message: `There is no parameter ${shown(name)}.`, hint };
}

function namedIn(part: unknown, name: string): unknown {
  return typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[name] : undefined;
}

const MAX_SHOWN = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
