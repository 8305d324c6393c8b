/**
 * Steps that change values: `replace_string`, `map_string`, `case`, `regex`, `set_value`, `convert_type`.
 */
import { checkRe2 } from '../../../plan/re2-regex.ts';
import { type ItemValue, partsOf, plainPart, seenPart, textValue } from './item-values.ts';
import { PipelineFault, type Transformation } from './pipeline.ts';
import type { PythonRegex, Replacement } from './python-regex.ts';

type TextValue = Extract<ItemValue, { kind: 'text' }>;

export interface Replacing {
  readonly regex: PythonRegex;
  readonly replacement: Replacement;
  /** Only between wildcards, each stretch on its own. */
  readonly skipsSpecial: boolean;
  /** Whether wildcards that such a replacement gives are wildcards. */
  readonly interpretsSpecial: boolean;
}

export function replaceString({ regex, replacement, skipsSpecial, interpretsSpecial }: Replacing): Transformation {
  const replaced = (text: string, value: TextValue): string => {
    const made = regex.replaceAll(text, replacement);
    if (made === undefined) throw new PipelineFault('pipeline-too-large', 'A replaced text is too long.', value.span);
    return made;
  };
  // A `\*` in a replacement is a plain star.
  const read = (text: string): string => text.replaceAll(/\\([*?])/g, (_, sign: string) => seenPart(sign));
  return onTexts((value) => {
    if (!skipsSpecial) return { ...value, text: read(replaced(value.text, value)) };
    const parts = partsOf(value.text).map((part) => {
      if (part === '*' || part === '?') return part;
      const made = replaced(plainPart(part), value);
      return interpretsSpecial ? read(made) : seenPart(made);
    });
    return { ...value, text: parts.join('') };
  }, 'numbers too');
}

/** @param mapping from a text as Sigma writes it, its wildcards and plain backslashes, to texts as Sigma writes them */
export function mapString(mapping: ReadonlyMap<string, readonly string[]>): Transformation {
  return {
    on: 'value',
    change(value) {
      if (value.kind !== 'text') return undefined;
      return mapping.get(plainPart(value.text))?.map((text) => textValue(text, value.span));
    },
  };
}

export function changeCase(method: 'lower' | 'upper' | 'snake_case'): Transformation {
  const change = {
    lower: (text: string) => text.toLowerCase(),
    upper: (text: string) => text.toUpperCase(),
    snake_case: (text: string) => text.replaceAll(/(?!^)(?=[A-Z])/g, '_').toLowerCase(),
  }[method];
  return onTexts((value) => ({ ...value, text: partsOf(value.text).map(change).join('') }));
}

export type RegexMethod = 'plain' | 'ignore_case_flag' | 'ignore_case_brackets';

/** A text becomes a regular expression of the same meaning: anchored, since Sigma's are searched for anywhere. */
export function toRegex(method: RegexMethod): Transformation {
  return {
    on: 'value',
    change(value) {
      if (value.kind !== 'text' || value.text === '') return undefined;
      if (value.expands) {
        const message = 'A placeholder cannot become part of a regular expression; give it values in a step before.';
        throw new PipelineFault('pipeline-placeholder', message, value.span);
      }
      const inner = partsOf(value.text)
        .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escaped(plainPart(part), method)))
        .join('');
      const source = `^${inner}$`;
      if (checkRe2(source) !== undefined) {
        throw new PipelineFault('pipeline-too-large', 'A regular expression made of a text is too long.', value.span);
      }
      const flags = method === 'ignore_case_flag' ? ['i', 's'] : ['s'];
      return [{ kind: 'regex', source, flags, span: value.span }];
    },
  };
}

export function setValue(value: string | number | boolean | null): Transformation {
  return {
    on: 'value',
    change(old) {
      const span = old.kind === 'kept' ? old.scalar.span : old.span;
      return [typeof value === 'string' ? textValue(value, span) : { kind: 'plain', value, span }];
    },
  };
}

export function convertType(target: 'str' | 'num'): Transformation {
  return {
    on: 'value',
    change(value) {
      if (target === 'str') {
        if (value.kind !== 'plain' || value.value === null) return undefined;
        return [{ kind: 'text', text: seenPart(String(value.value)), span: value.span, expands: false }];
      }
      if (value.kind !== 'text') return undefined;
      const number = Number(plainPart(value.text));
      if (value.text.trim() === '' || !Number.isFinite(number)) {
        const message = `“${plainPart(value.text).slice(0, 40)}” is to become a number and is none.`;
        throw new PipelineFault('pipeline-failed', message, value.span);
      }
      return [{ kind: 'plain', value: number, span: value.span }];
    },
  };
}

function onTexts(change: (value: TextValue) => TextValue, numbers?: 'numbers too'): Transformation {
  return {
    on: 'value',
    change(value) {
      if (value.kind === 'text') {
        const changed = change(value);
        return changed.text === value.text ? undefined : [changed];
      }
      if (numbers === undefined || value.kind !== 'plain' || typeof value.value !== 'number') return undefined;
      const text = { kind: 'text', text: String(value.value), span: value.span, expands: false } as const;
      const changed = change(text);
      return changed.text === text.text ? undefined : [changed];
    },
  };
}

function escaped(text: string, method: RegexMethod): string {
  if (method !== 'ignore_case_brackets') return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return [...text]
    .map((character) => {
      const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
      const hasCase = lower !== upper && [...lower].length === 1 && [...upper].length === 1;
      return hasCase ? `[${lower}${upper}]` : character.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
}
