/**
 * Fields that events before an event may give it where its source does not (`process-table.ts`).
 */

/** Of the event's own process. */
export const TAUGHT_OF_ITSELF: ReadonlySet<string> = new Set(['process.entity_id', 'process.start']);

export const TAUGHT_FIELDS: ReadonlySet<string> = new Set([
  ...TAUGHT_OF_ITSELF,
  'process.parent.entity_id',
  'process.parent.name',
  'process.parent.executable',
  'process.parent.args',
  'process.parent.args_count',
  'process.parent.command_line',
  'process.parent.start',
]);

/** Whether a condition on the field may look at one of them: `process.parent.args[1]` is a part of one. */
export function isTaught(field: string): boolean {
  const bracket = field.indexOf('[');
  return TAUGHT_FIELDS.has(bracket === -1 ? field : field.slice(0, bracket));
}
