/**
 * Predicates of many rules, with what is alike in them there once: fields, what is asked of their values, and places in the text,
 * of which nothing is left. For who matches by them, holds many, and never says where something stands.
 */
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { FieldRef, Predicate, Test } from './node.ts';

export class SharedParts {
  private readonly fields = new Map<string, FieldRef>();
  /** By what their texts come to, which are as long as they are. */
  private readonly tests = new Map<number, Test>();

  /** Means the same as the predicate. */
  of(predicate: Predicate): Predicate {
    switch (predicate.kind) {
      case 'and':
      case 'or':
        return { ...predicate, children: predicate.children.map((child) => this.of(child)), span: NO_SPAN };
      case 'not':
        return { ...predicate, child: this.of(predicate.child), span: NO_SPAN };
      case 'exists':
        return { ...predicate, field: this.field(predicate.field), span: NO_SPAN };
      case 'match-any':
        return {
          ...predicate,
          field: this.field(predicate.field),
          test: this.test(predicate.test),
          span: NO_SPAN,
        };
      default:
        // Of a few, none is worth it.
        return predicate;
    }
  }

  private field(field: FieldRef): FieldRef {
    const text = JSON.stringify(field);
    const known = this.fields.get(text);
    if (known === undefined) this.fields.set(text, field);
    return known ?? field;
  }

  private test(test: Test): Test {
    const text = JSON.stringify(test);
    const number = numberOf(text);
    const known = this.tests.get(number);
    if (known === undefined) this.tests.set(number, test);
    return known !== undefined && JSON.stringify(known) === text ? known : test;
  }
}

/** Of some signs of a text that is long: to look at all takes as long as to write it. */
function numberOf(text: string): number {
  let number = text.length;
  const step = Math.ceil(text.length / MOST_SIGNS);
  for (let at = 0; at < text.length; at += step) number = (Math.imul(number, 31) + text.charCodeAt(at)) | 0;
  return number;
}

const MOST_SIGNS = 64;
