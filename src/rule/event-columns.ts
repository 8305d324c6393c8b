/**
 * The columns that a rule over one event names in its alerts, as its query has them: computed ones, else those of its
 * table. They stand in no event by these names, so that they are taken from it when an alert is made.
 */
import type { Event } from '../event/event.ts';
import type { Json } from '../event/json.ts';
import type { OutputColumn, QueryOutput } from '../language/language.ts';
import { evaluateValue } from '../plan/predicate/evaluate.ts';
import { jsonOf } from '../plan/relation/cell-number.ts';
import { plainJson } from '../plan/relation/exact-number.ts';
import type { Column, Table } from '../vocabulary/table.ts';
import { cellOf } from '../vocabulary/table-row.ts';
import type { SentinelSettings } from './sentinel-settings.ts';

export interface EventColumns {
  readonly computed: readonly OutputColumn[];
  readonly stored: readonly Column[];
}

/** Names of columns that the rule's alerts are made of; none for most rules. */
export function namedColumns({ overrides, details }: SentinelSettings): ReadonlySet<string> {
  const formats = [overrides.name, overrides.description].flatMap((format) =>
    [...(format ?? '').matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim()),
  );
  const columns = [overrides.severityColumn, overrides.tacticsColumn].filter((name) => name !== undefined);
  return new Set([...formats, ...columns, ...details.map(([, column]) => column)]);
}

/** @param output of the query, where it says which columns it gives */
export function eventColumns(names: ReadonlySet<string>, table: Table | undefined, output?: QueryOutput): EventColumns {
  const computed = [...(output?.columns ?? []), ...(output?.extended ?? [])].filter(({ name }) => names.has(name));
  const known = new Set(computed.map(({ name }) => name));
  // A projection leaves nothing else.
  const left = output?.columns === undefined ? (table?.columns ?? []) : [];
  return { computed, stored: left.filter(({ name }) => names.has(name) && !known.has(name)) };
}

/** The event's row, as far as alerts ask for it. */
export function rowOfEvent({ computed, stored }: EventColumns, event: Event) {
  return {
    columns: [...computed, ...stored].map(({ name, type }) => ({ name, type })),
    rows: [
      [
        ...computed.map(({ value }): Json => {
          const given = evaluateValue(value, event);
          return typeof given === 'bigint' ? String(given) : given;
        }),
        ...stored.map((column): Json => plainJson(jsonOf(cellOf(column, event), column.type))),
      ],
    ],
  };
}
