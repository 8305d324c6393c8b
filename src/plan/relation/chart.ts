/**
 * How an answer wants to be drawn: as `render` says, or over time where the rows are counted by a `bin()` of time.
 */
import type { Relation, TablePlan } from './node.ts';

export const CHART_KINDS = ['timechart', 'linechart', 'areachart', 'columnchart', 'barchart', 'piechart'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

export interface ChartHint {
  readonly kind: ChartKind;
  /** The column along the axis, or of the slices; found by its type where absent. */
  readonly x?: string;
  /** Columns drawn; all numbers where absent. */
  readonly y?: readonly string[];
  /** The column whose values make series of their own. */
  readonly series?: string;
  readonly title?: string;
}

/** Nothing for an answer that is a table alone, or drawn in a way that is not known. */
export function chartOf({ relation, render }: TablePlan): ChartHint | undefined {
  if (render === undefined) return overTime(relation);
  const name = render.chart === 'stackedareachart' ? 'areachart' : render.chart;
  const kind = CHART_KINDS.find((each) => each === name);
  if (kind === undefined) return undefined;
  const properties = new Map(Object.entries(render.properties).map(([key, value]) => [key.toLowerCase(), value]));
  const names = new Set(relation.columns.map((column) => column.name));
  const named = (property: string) =>
    (properties.get(property) ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => names.has(each));
  const [[x], y, [series], title] = [named('xcolumn'), named('ycolumns'), named('series'), properties.get('title')];
  return {
    kind,
    ...(x === undefined ? {} : { x }),
    ...(y.length === 0 ? {} : { y }),
    ...(series === undefined ? {} : { series }),
    ...(title === undefined || title === '' ? {} : { title }),
  };
}

/** The key of the last summary that is a bin of time, if it reaches the answer as it is. */
function overTime(relation: Relation): ChartHint | undefined {
  const kept = new Set(relation.columns.filter(({ type }) => type === 'datetime').map(({ name }) => name));
  for (let node = relation; ; ) {
    switch (node.kind) {
      case 'summarize': {
        const keys = node.keys.filter(({ name, value }) => kept.has(name) && isBinOfTime(value));
        const x = keys.length === 1 ? keys[0]?.name : undefined;
        return x === undefined ? undefined : { kind: 'timechart', x };
      }
      case 'sort':
      case 'filter':
      case 'take':
        node = node.input;
        continue;
      case 'project':
        for (const { name, value } of node.values)
          if (value.kind !== 'column' || value.name !== name) kept.delete(name);
        node = node.input;
        continue;
      case 'shared':
        node = node.relation;
        continue;
      default:
        return undefined;
    }
  }
}

function isBinOfTime(value: Extract<Relation, { kind: 'summarize' }>['keys'][number]['value']): boolean {
  const isStep = value.kind === 'call' && /^(bin|bin_at|floor|startof(day|week|month|year))$/.test(value.function);
  return isStep && value.type === 'datetime';
}
