/**
 * Sigma's syntax tree into a plan.
 *
 *   searches ──names, modifiers, values──▶ predicates ──linked as the condition says──▶ and with the log source ──▶ plan
 *
 * Sigma is two-valued: a condition on a missing field is false, and its negation true. `field: null` holds of a missing
 * field (in ECS a null is no value), `field: ''` of one that is there and empty. `neq` is the negation of the whole item.
 * Values compare without regard to case, `cased` ones exactly; keywords are looked for inside every value of the event.
 *
 * A search that several parts of the condition name is lowered once, and its nodes are shared.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import type { Span } from '../../diagnostic/span.ts';
import {
  and,
  type CaseFold,
  exists,
  type FieldRef,
  matchAny,
  matchAnywhere,
  matchFields,
  not,
  or,
  type Predicate,
  type Re2Flags,
  type Test,
  type WildcardPart,
  type WildcardPattern,
  wildcardPattern,
} from '../../plan/predicate/node.ts';
import { type SigmaField, sigmaField } from '../../vocabulary/sigma-fields.ts';
import { sigmaLogSource } from '../../vocabulary/sigma-log-sources.ts';
import type { Condition, Named, Search, SearchItem, SigmaDetection } from './ast.ts';
import { lowerAuditMap } from './lower-audit-map.ts';
import {
  applyModifier,
  ITEM_MODIFIERS,
  ModifierFault,
  type Placeholders,
  type SigmaValue,
  sigmaValue,
  VALUE_MODIFIERS,
} from './modifiers.ts';
import { plainText } from './pattern.ts';
import { searchNamesLike } from './search-names.ts';

export interface LoweredSigma {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly predicate?: Predicate;
  readonly diagnostics: readonly Diagnostic[];
  /** Parts of the log source that no event comes from yet. */
  readonly unserved: readonly string[];
}

/** Values of one rule with its modifiers' alternatives; SigmaHQ's largest has 4,432. */
const MOST_VALUES = 50_000;
/** Searches that the conditions name, counted as often as they are named, with their clauses. */
const MOST_CLAUSES = 20_000;

export function lowerSigma(detection: SigmaDetection, placeholders: Placeholders): LoweredSigma {
  return new Lowering(detection, placeholders).lower();
}

class Lowering {
  private readonly detection: SigmaDetection;
  private readonly placeholders: Placeholders;
  private readonly diagnostics: Diagnostic[] = [];
  private readonly lowered = new Map<string, { readonly predicate: Predicate; readonly clauses: number }>();
  private readonly used = new Set<string>();
  private values = 0;
  private clauses = 0;
  private named = 0;

  constructor(detection: SigmaDetection, placeholders: Placeholders) {
    this.detection = detection;
    this.placeholders = placeholders;
  }

  lower(): LoweredSigma {
    const { logSource, searches, conditions, span } = this.detection;
    for (const { name, search } of searches.values()) {
      const before = this.clauses;
      const predicate = this.search(search);
      this.lowered.set(name, { predicate, clauses: this.clauses - before });
    }
    const source = sigmaLogSource(logSource, logSource.span);
    const condition = or(
      conditions.map((one) => this.condition(one)),
      span,
    );
    this.checkUnused();
    if (source.unserved.length > 0) {
      const message = `No format gives events of ${source.unserved.join(', ')} yet: the rule is idle.`;
      this.diagnostics.push(diagnose('sigma-log-source-unserved', 'info', message, logSource.span));
    }
    if (hasErrors(this.diagnostics)) return { diagnostics: this.diagnostics, unserved: source.unserved };
    return {
      predicate: and([source.predicate, condition], span),
      diagnostics: this.diagnostics,
      unserved: source.unserved,
    };
  }

  // --- Conditions -----------------------------------------------------------------------------------------------------

  private condition(node: Condition): Predicate {
    switch (node.kind) {
      case 'and':
      case 'or': {
        const children = node.children.map((child) => this.condition(child));
        return node.kind === 'and' ? and(children, node.span) : or(children, node.span);
      }
      case 'not':
        return not(this.condition(node.child), node.span);
      case 'identifier':
        return this.identifier(node.name, node.span);
      case 'some': {
        const names = searchNamesLike(node.pattern, [...this.detection.searches.keys()]);
        if (names.length === 0) return this.noName(node.pattern, node.span);
        const children = names.map((name) => this.use(name, node.span));
        return node.quantifier === 'all' ? and(children, node.span) : or(children, node.span);
      }
    }
  }

  private identifier(name: string, span: Span): Predicate {
    if (this.detection.searches.has(name)) return this.use(name, span);
    if (name.toLowerCase() === 'them') {
      const hint = 'Write 1 of them or all of them.';
      return this.wrong('sigma-condition', '“them” needs “1 of” or “all of” before it.', span, hint);
    }
    return this.noName(name, span);
  }

  private noName(name: string, span: Span): Predicate {
    const known = [...this.detection.searches.keys()];
    const nearest = nearestName(name.replaceAll('*', ''), known);
    const listed = known.slice(0, 8).map(short).join(', ');
    const hint =
      nearest !== undefined && !name.includes('*')
        ? `Did you mean ${short(nearest)}?`
        : known.length === 0
          ? 'The detection has no search identifiers.'
          : `There are ${listed}${known.length > 8 ? ', …' : ''}.`;
    return this.wrong('sigma-identifier-unknown', `No search identifier is called “${short(name)}”.`, span, hint);
  }

  private use(name: string, span: Span): Predicate {
    const { predicate, clauses } = this.lowered.get(name) as { predicate: Predicate; clauses: number };
    this.used.add(name);
    const before = this.named;
    this.named += clauses;
    if (before <= MOST_CLAUSES && this.named > MOST_CLAUSES) {
      const message = `Written out, the condition has more than ${MOST_CLAUSES} clauses.`;
      return this.wrong('sigma-too-large', message, span);
    }
    return predicate;
  }

  private checkUnused(): void {
    if (hasErrors(this.diagnostics)) return;
    for (const { name, nameSpan } of this.detection.searches.values()) {
      if (this.used.has(name)) continue;
      const message = `The condition does not name “${short(name)}”.`;
      this.diagnostics.push(
        diagnose('sigma-identifier-unused', 'warning', message, nameSpan, 'Name it in the condition, or take it out.'),
      );
    }
  }

  // --- Searches -------------------------------------------------------------------------------------------------------

  private search(node: Search): Predicate {
    switch (node.kind) {
      case 'all':
        return (
          this.recordMap(node) ??
          and(
            node.children.map((child) => this.search(child)),
            node.span,
          )
        );
      case 'any':
        return or(
          node.children.map((child) => this.search(child)),
          node.span,
        );
      case 'item':
        return this.item(node);
    }
  }

  /** For auditd a map is met by one record of the event. */
  private recordMap({ children, span }: Extract<Search, { kind: 'all' }>): Predicate | undefined {
    const items = children.filter((child) => child.kind === 'item');
    if (this.detection.logSource.service !== 'auditd' || items.length < children.length) return undefined;
    const told = new Set<SearchItem>();
    return lowerAuditMap(items, span, (item, fields) => {
      const before = this.diagnostics.length;
      const predicate = this.item(item, fields === undefined ? undefined : { fields });
      // What is wrong with an item is told once, however many records it is looked for in.
      if (told.has(item)) this.diagnostics.length = before;
      told.add(item);
      return predicate;
    });
  }

  private item(item: SearchItem, home?: SigmaField): Predicate {
    const flags = this.itemFlags(item);
    const changes = this.valueModifiers(item);
    if (changes === undefined) return NEVER(item.span);
    const fold: CaseFold = flags.has('cased') ? 'none' : 'unicode';
    const target: Target = {
      ...(item.field === undefined ? {} : { field: home ?? sigmaField(item.field, this.detection.logSource) }),
      name: item.field,
      fold,
      logSource: this.detection.logSource,
    };
    const groups = item.values.map((scalar) => ({
      span: scalar.span,
      values: this.applyAll(sigmaValue(scalar), changes, scalar.span),
    }));
    for (const { values, span } of groups) this.checkValues(values, item, span);
    this.checkMeaning(
      item,
      groups.flatMap(({ values }) => values),
    );
    this.clauses += target.field?.fields.length ?? 1;
    if (hasErrors(this.diagnostics)) return NEVER(item.span);
    const linked = flags.has('all')
      ? and(
          groups.map(({ values, span }) => oneOf(values, target, span)),
          item.span,
        )
      : oneOf(
          groups.flatMap(({ values }) => values),
          target,
          item.span,
        );
    return flags.has('neq') ? not(linked, item.span) : linked;
  }

  private itemFlags(item: SearchItem): ReadonlySet<string> {
    const flags = new Set<string>();
    for (const { name, span } of item.modifiers) {
      if (!(ITEM_MODIFIERS as readonly string[]).includes(name)) continue;
      flags.add(name);
      if (name === 'all' && item.values.length < 2 && !item.values.some((value) => value.value === null)) {
        const hint = 'Leave it out, or list what must all be there.';
        this.diagnostics.push(
          diagnose('sigma-all-single', 'warning', 'all links several values; here is one.', span, hint),
        );
      }
    }
    if (flags.has('all') && flags.has('neq')) {
      const hint = 'Put the values into a search identifier of their own, and write “not” before it in the condition.';
      this.wrong('sigma-modifier-combination', 'all and neq together could mean two things.', item.span, hint);
    }
    return flags;
  }

  /** The modifiers of values in order; `undefined` where one is unknown. */
  private valueModifiers(item: SearchItem): readonly Named[] | undefined {
    const unknown = item.modifiers.filter(
      ({ name }) => !VALUE_MODIFIERS.has(name) && !(ITEM_MODIFIERS as readonly string[]).includes(name),
    );
    for (const { name, span } of unknown) {
      const nearest = nearestName(name, [...VALUE_MODIFIERS.keys(), ...ITEM_MODIFIERS]);
      const hint = nearest === undefined ? 'docs/sigma.md lists the modifiers.' : `Did you mean ${nearest}?`;
      this.wrong('sigma-modifier-unknown', `Sigma has no modifier “${short(name)}”.`, span, hint);
    }
    return unknown.length > 0 ? undefined : item.modifiers.filter(({ name }) => VALUE_MODIFIERS.has(name));
  }

  private applyAll(value: SigmaValue, modifiers: readonly Named[], span: Span): readonly SigmaValue[] {
    let values: readonly SigmaValue[] = [value];
    for (const { name } of modifiers) {
      const next: SigmaValue[] = [];
      for (const one of values) {
        const changed = applyModifier(name, one, this.placeholders);
        if (changed instanceof ModifierFault) {
          this.wrong(changed.code, changed.message, span, changed.hint);
          return [];
        }
        for (const each of changed) next.push(each);
        if (this.values + next.length > MOST_VALUES) break;
      }
      values = next;
    }
    const before = this.values;
    this.values += values.length;
    if (before <= MOST_VALUES && this.values > MOST_VALUES) {
      this.wrong('sigma-too-large', `The rule has more than ${MOST_VALUES} values, its modifiers worked out.`, span);
    }
    return values;
  }

  private checkValues(values: readonly SigmaValue[], item: SearchItem, span: Span): void {
    for (const { kind } of values) {
      if (kind === 'null' && item.isList && item.values.length > 1) {
        const hint = 'Make it a search identifier of its own, and link the two with or.';
        const message = 'null in a list of values is not Sigma; it is read as “or the field is missing”.';
        this.diagnostics.push(diagnose('sigma-null-in-list', 'warning', message, span, hint));
      }
      if (item.field === undefined && kind !== 'text' && kind !== 'number' && kind !== 'regex') {
        this.wrong('sigma-value', 'A keyword is a text or a regular expression; this needs a field.', span);
      }
    }
  }

  /** Modifiers that say nothing of what they stand with. */
  private checkMeaning({ modifiers }: SearchItem, values: readonly SigmaValue[]): void {
    // Where a modifier cannot do its work that has been told.
    if (values.length === 0) return;
    const cased = modifiers.find(({ name }) => name === 'cased');
    const caseless = values.find(({ kind }) => CASELESS.has(kind));
    if (cased !== undefined && caseless !== undefined) {
      this.wrong('sigma-modifier-combination', 'cased says nothing of values that have no letters.', cased.span);
    }
    const caselessRegex = modifiers.some(({ name }) => name === 'i');
    if (cased !== undefined && caselessRegex) {
      this.wrong('sigma-modifier-combination', 'cased and i say the opposite of each other.', cased.span);
    }
    const all = modifiers.find(({ name }) => name === 'all');
    if (all !== undefined && values.some(({ kind }) => kind === 'exists')) {
      this.wrong(
        'sigma-modifier-combination',
        'exists takes one value, so there is nothing for all to link.',
        all.span,
      );
    }
    for (const [at, { name, span }] of modifiers.entries()) {
      const earlier = modifiers.slice(0, at);
      if (!REPEATABLE.has(name) && earlier.some((other) => other.name === name)) {
        this.wrong('sigma-modifier-combination', `The modifier ${name} stands there twice.`, span);
      }
      const before = earlier.find((other) => AS_WRITTEN.get(name)?.has(other.name) === true);
      if (before === undefined) continue;
      const message = `${name} takes the value as it is written, so ${before.name} cannot come before it.`;
      this.wrong('sigma-modifier-combination', message, before.span);
    }
  }

  private wrong(code: DiagnosticCode, message: string, span: Span, hint?: string): Predicate {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
    return NEVER(span);
  }
}

const CASELESS: ReadonlySet<SigmaValue['kind']> = new Set(['cidr', 'order', 'time', 'exists']);

const ENCODERS: ReadonlySet<string> = new Set(['base64', 'base64offset', 'utf16le', 'wide', 'utf16be', 'utf16']);
const REWRITES: ReadonlySet<string> = new Set([...ENCODERS, 'windash']);

/** Modifiers that read the text of the rule, and those that leave nothing of it for them. */
const AS_WRITTEN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...(['re', 'cidr', 'fieldref', 'expand'] as const).map((name) => [name, REWRITES] as const),
  ['windash', ENCODERS],
]);

/** What is encoded may be encoded again. */
const REPEATABLE: ReadonlySet<string> = new Set(['base64', 'base64offset']);

/** Stands where a mistake was told, in a plan that is thrown away. */
const NEVER = (span: Span): Predicate => or([], span);

interface Target {
  /** Absent for keywords. */
  readonly field?: SigmaField;
  readonly name: string | undefined;
  readonly fold: CaseFold;
  readonly logSource: SigmaDetection['logSource'];
}

/** Any of the values: one clause a kind of test and home of the field. */
function oneOf(values: readonly SigmaValue[], target: Target, span: Span): Predicate {
  const texts: string[] = [];
  const patterns: WildcardPattern[] = [];
  const numbers: number[] = [];
  const networks: string[] = [];
  const regexes = new Map<string, { readonly flags: Re2Flags; readonly sources: string[] }>();
  const parts: Predicate[] = [];
  for (const value of values) {
    switch (value.kind) {
      case 'text': {
        const pattern = patternOf(value, target.field === undefined);
        const text = plainText(pattern);
        if (text === undefined) patterns.push(pattern);
        else texts.push(text);
        for (const other of spellings(pattern, target)) {
          const whole = plainText(other);
          if (whole === undefined) patterns.push(other);
          else texts.push(whole);
        }
        parts.push(...sameAs(value.pattern, target, span));
        break;
      }
      case 'number':
        if (target.field === undefined) patterns.push(['*', { text: String(value.value) }, '*']);
        else numbers.push(value.value);
        break;
      case 'boolean':
        texts.push(String(value.value));
        parts.push(...sameAs([{ text: String(value.value) }], target, span));
        break;
      case 'regex': {
        const key = JSON.stringify(value.flags);
        const group = regexes.get(key) ?? { flags: value.flags, sources: [] };
        regexes.set(key, group);
        group.sources.push(value.source);
        break;
      }
      case 'cidr':
        networks.push(value.network);
        break;
      case 'order':
        parts.push(...tests({ kind: 'order', operator: value.operator, bound: value.bound }, target, span));
        break;
      case 'time': {
        const { part, operator, bound } = value;
        parts.push(...tests({ kind: 'time-part', part, operator, bound }, target, span));
        break;
      }
      case 'null':
        parts.push(existence(target, false, span));
        break;
      case 'exists':
        parts.push(existence(target, value.wanted, span));
        break;
      case 'field':
        for (const field of target.field?.fields ?? []) {
          for (const other of sigmaField(value.name, target.logSource).fields) {
            parts.push(matchFields(field, value.relation, other, target.fold, span));
          }
        }
        break;
    }
  }
  const { fold } = target;
  if (texts.length > 0) parts.push(...tests({ kind: 'equals', anyOf: texts, fold }, target, span));
  if (numbers.length > 0) parts.push(...numberTests(numbers, target, span));
  if (patterns.length > 0) parts.push(...tests({ kind: 'wildcard', anyOf: patterns, fold }, target, span));
  for (const { flags, sources } of regexes.values()) {
    parts.push(...tests({ kind: 'regex', syntax: 're2', anyOf: sources, flags }, target, span));
  }
  if (networks.length > 0) parts.push(...tests({ kind: 'cidr', anyOf: networks }, target, span));
  return or(parts, span);
}

function tests(test: Test, { field }: Target, span: Span): readonly Predicate[] {
  return field === undefined ? [matchAnywhere(test, span)] : field.fields.map((one) => matchAny(one, test, span));
}

/** Fields that hold texts are asked for the number's text, by which rules can be found quickly. */
function numberTests(numbers: readonly number[], { field, fold }: Target, span: Span): readonly Predicate[] {
  return (field?.fields ?? []).map((one: FieldRef) =>
    matchAny(one, { kind: 'equals', anyOf: one.type === 'keyword' ? numbers.map(String) : numbers, fold }, span),
  );
}

function existence({ field }: Target, wanted: boolean, span: Span): Predicate {
  const found = or(
    (field?.fields ?? []).map((one) => exists(one, span)),
    span,
  );
  return wanted ? found : not(found, span);
}

function sameAs(pattern: WildcardPattern, { field, fold }: Target, span: Span): readonly Predicate[] {
  const inner = pattern.filter((part): part is Exclude<WildcardPart, '*'> => part !== '*');
  const [part] = inner;
  if (field?.sameAs === undefined || inner.length !== 1 || typeof part !== 'object' || fold === 'none') return [];
  const same = field.sameAs(part.text.toLowerCase());
  return same === undefined ? [] : [withSpan(same, span)];
}

/** In the case that the rule gives, so exact values have one spelling. */
function spellings(pattern: WildcardPattern, { field, fold }: Target): readonly WildcardPattern[] {
  return fold === 'none' ? [] : (field?.spellings?.(pattern) ?? []);
}

function withSpan(node: Predicate, span: Span): Predicate {
  if (node.kind !== 'or' && node.kind !== 'and') return Object.freeze({ ...node, span });
  const children = node.children.map((child) => withSpan(child, span));
  return node.kind === 'or' ? or(children, span) : and(children, span);
}

/** A keyword is looked for inside the values, wherever it stands. */
function patternOf(value: Extract<SigmaValue, { kind: 'text' }>, isKeyword: boolean): WildcardPattern {
  const relation = value.relation === 'equals' && isKeyword ? 'contains' : value.relation;
  switch (relation) {
    case 'equals':
      return value.pattern;
    case 'contains':
      return wildcardPattern(['*', ...value.pattern, '*']);
    case 'starts-with':
      return wildcardPattern([...value.pattern, '*']);
    case 'ends-with':
      return wildcardPattern(['*', ...value.pattern]);
  }
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
