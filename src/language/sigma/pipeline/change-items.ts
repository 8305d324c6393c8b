/**
 * Steps that put other items in an item's place: `drop_detection_item`, `detection_item_failure`, `hashes_fields`, and
 * the placeholders.
 */
import type { YamlScalar } from '../../yaml.ts';
import { PLACEHOLDER } from '../modifiers.ts';
import { plainPart, seenPart, valueModifiers, valuesOf, withValues } from './item-values.ts';
import { PipelineFault, type Transformation } from './pipeline.ts';
import { changedItem, type Run, type WorkItem, type WorkNode } from './work.ts';

export const DROP_ITEM: Transformation = { on: 'item', apply: () => [] };

export function failOnItem(message: string): Transformation {
  return {
    on: 'item',
    apply({ item }) {
      throw new PipelineFault('pipeline-failed', message, item.span);
    },
  };
}

export interface HashFields {
  /** In upper case. */
  readonly algorithms: readonly string[];
  readonly prefix: string;
  readonly dropsAlgorithm: boolean;
}

const ALGORITHM_OF_LENGTH: ReadonlyMap<number, string> = new Map([
  [32, 'MD5'],
  [40, 'SHA1'],
  [64, 'SHA256'],
  [128, 'SHA512'],
]);

/** `Hashes: ['MD5=…', 'SHA1=…']` as a field for each algorithm; any of them, or all where the item links all. */
export function hashFields({ algorithms, prefix, dropsAlgorithm }: HashFields): Transformation {
  return {
    on: 'item',
    apply(from) {
      const values = valuesOf(from).flat();
      const texts = values.filter((value) => value.kind === 'text');
      if (texts.length < values.length) return undefined;
      const byField = new Map<string, YamlScalar[]>();
      for (const { text, span } of texts) {
        const parts = plainPart(text).split(text.includes('|') ? '|' : '=');
        const [first = '', second] = parts;
        const digest = second ?? first;
        const named = first.replace(/^\*+/, '').toUpperCase();
        const algorithm = parts.length === 2 ? named : ALGORITHM_OF_LENGTH.get(digest.replaceAll('*', '').length);
        if (algorithm === undefined || !algorithms.includes(algorithm)) continue;
        const field = `${prefix}${dropsAlgorithm ? '' : algorithm}`;
        const scalars = byField.get(field) ?? [];
        byField.set(field, scalars);
        scalars.push({ kind: 'scalar', value: seenPart(digest.replaceAll('*', '')), span });
      }
      if (byField.size === 0) {
        const message = `None of the values names a hash algorithm of the pipeline: ${algorithms.join(', ')}.`;
        throw new PipelineFault('pipeline-failed', message, from.item.span);
      }
      const flags = from.item.modifiers.filter(({ name }) => name === 'all' || name === 'neq');
      const items = [...byField].map(([field, scalars]): WorkNode => {
        const modifiers = flags.filter(({ name }) => name !== 'all' || scalars.length > 1);
        return changedItem(from, { ...from.item, field, modifiers, values: scalars, isList: scalars.length > 1 });
      });
      return [{ kind: flags.length > 0 ? 'all' : 'any', children: items, span: from.item.span }];
    },
  };
}

export interface Placeholding {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** `%name%` under `expand` becomes the values of the variable. */
export function valuePlaceholders(which: Placeholding): Transformation {
  return placeholders(which, (name, from, run) => {
    const values = run.vars.get(name);
    if (values !== undefined) return values;
    const message = `The placeholder %${name.slice(0, 60)}% has no values in the vars of the pipelines.`;
    throw new PipelineFault('pipeline-placeholder', message, from.item.span);
  });
}

/** `%name%` under `expand` becomes a wildcard. */
export function wildcardPlaceholders(which: Placeholding): Transformation {
  return placeholders(which, (_, { item }) => [item.modifiers.some(({ name }) => name === 're') ? '.*' : '*']);
}

/** Texts that the placeholders of one value may make. */
const MOST_TEXTS = 1_000;

function placeholders(
  { include, exclude }: Placeholding,
  valuesFor: (name: string, from: WorkItem, run: Run) => readonly string[],
): Transformation {
  const handles = (name: string): boolean =>
    (include === undefined || include.includes(name)) && (exclude === undefined || !exclude.includes(name));
  return {
    on: 'item',
    apply(from, run) {
      const modifiers = valueModifiers(from.item);
      if (!modifiers.some(({ name }) => name === 'expand')) return undefined;
      let changed = false;
      const groups = from.item.values.map((scalar) => {
        const parts = typeof scalar.value === 'string' ? scalar.value.split(PLACEHOLDER) : [];
        let texts = [''];
        for (const [index, part] of parts.entries()) {
          const isName = index % 2 === 1;
          const now = isName && handles(part) ? valuesFor(part, from, run) : undefined;
          if (now !== undefined) changed = true;
          // What comes in is no placeholder again, whatever percent signs it has.
          const next = now?.map((text) => text.replaceAll('%', '\\%')) ?? [isName ? `%${part}%` : part];
          if (texts.length * next.length > MOST_TEXTS) {
            const message = `The placeholders make more than ${MOST_TEXTS} texts.`;
            throw new PipelineFault('pipeline-too-large', message, scalar.span);
          }
          texts = texts.flatMap((text) => next.map((one) => text + one));
        }
        const scalars = parts.length === 0 ? [scalar] : texts.map((value) => ({ ...scalar, value }));
        return scalars.map((scalar) => ({ kind: 'kept' as const, scalar, modifiers }));
      });
      return changed ? [withValues(from, groups)] : undefined;
    },
  };
}
