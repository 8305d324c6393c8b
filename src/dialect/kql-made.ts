/** What the tables of ASIM and of Defender XDR have apart, and rules ask as one. */
import { NO_SPAN } from '../diagnostic/span.ts';
import { matchAny, or, type Predicate } from '../plan/predicate/node.ts';
import { sigmaField } from '../vocabulary/sigma-fields.ts';
import type { MadeColumn } from './kql-source.ts';

/**
 * The path that Sysmon calls the object: the key and the value in it.
 * @param says in Kusto, of the table's columns; often what `joinedPath` gives
 */
export function registryPath(says: string): MadeColumn {
  return { name: 'RegistryPath', type: 'string', fields: ['registry.path'], says };
}

/** A key and, where there is one, the name of a value in it. */
export function joinedPath(key: string, value: string): string {
  return `strcat(${key}, iff(isempty(${value}), "", "\\\\"), ${value})`;
}

/** What Sigma's rules ask of nearly every connection: that the machine opened it (`Initiated: 'true'`). */
export const isOutbound: Predicate = opened();

function opened(): Predicate {
  const { fields, sameAs } = sigmaField('Initiated', { category: 'network_connection' });
  const equals = { kind: 'equals', anyOf: ['true'], fold: 'unicode' } as const;
  const same = sameAs?.('true');
  return or(
    [...(same === undefined ? [] : [same]), ...fields.map((field) => matchAny(field, equals, NO_SPAN))],
    NO_SPAN,
  );
}
