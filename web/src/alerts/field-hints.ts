/** The fields that the filter of alerts may compare, offered as they are typed: `ho` → `host.name: `. */

/** As the service has them; tested against its list. Names of Elastic's alerts are taken too, and not offered. */
export const FIELD_NAMES: readonly string[] = [
  'host.name',
  'user.name',
  'process.name',
  'process.command_line',
  'process.entity_id',
  'rule.name',
  'rule.id',
  'severity',
  'status',
  'risk_score',
  'reason',
  '@timestamp',
];

export interface FieldHint {
  readonly name: string;
  /** The whole filter with the field in place of what was typed of it. */
  readonly filter: string;
}

const MOST = 6;
/** The word that is being typed, where a condition may begin: not behind a field's `:`. */
const BEGUN = /(?<=^|\(|\b(?:and|or|not)\s)\s*([@a-z][\w.]+)$/i;

export function fieldHints(typed: string): readonly FieldHint[] {
  const begun = BEGUN.exec(typed)?.[1]?.toLowerCase();
  if (begun === undefined) return [];
  const before = typed.slice(0, typed.length - begun.length);
  return FIELD_NAMES.filter((name) => name.startsWith(begun) || name.includes(`.${begun}`))
    .slice(0, MOST)
    .map((name) => ({ name, filter: `${before}${name}: ` }));
}
