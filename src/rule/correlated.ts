/**
 * Correlation rules among others: each gets its plan from the rules that it names, wherever they were read.
 *
 *   inspections ──ids, names──▶ what a correlation names ──compile, inner ones first──▶ inspections with their rules
 *
 * A correlation that names itself, on whatever way, has no plan; nor has one that names a rule with an error.
 */
import type { NamedRule, RuleNames } from '../language/sigma/lower-correlation.ts';
import type { Inspection } from './inspect.ts';

/** The inspections in their order, correlation rules among them complete. */
export function correlated(inspections: readonly Inspection[]): readonly Inspection[] {
  if (!inspections.some(({ correlate }) => correlate !== undefined)) return inspections;
  const names = new Names(inspections);
  return inspections.map((inspection) => names.complete(inspection));
}

class Names {
  private readonly byName = new Map<string, Set<Inspection>>();
  private readonly done = new Map<Inspection, Inspection>();
  private readonly open = new Set<Inspection>();

  constructor(inspections: readonly Inspection[]) {
    for (const inspection of inspections) {
      const { document } = inspection;
      if (document === undefined) continue;
      this.put(document.id.toLowerCase(), inspection);
      if (typeof document.extra.name === 'string') this.put(document.extra.name, inspection);
    }
  }

  complete(inspection: Inspection): Inspection {
    const { correlate } = inspection;
    if (correlate === undefined) return inspection;
    const known = this.done.get(inspection);
    if (known !== undefined) return known;
    this.open.add(inspection);
    const used = new Set<string>();
    const rules: RuleNames = {
      names: this.byName.keys(),
      find: (name) => this.find(name, used),
    };
    const complete = correlate(rules, used);
    this.open.delete(inspection);
    this.done.set(inspection, complete);
    return complete;
  }

  private find(name: string, used: Set<string>): NamedRule | undefined {
    const called = this.byName.get(name) ?? this.byName.get(name.toLowerCase());
    if (called === undefined) return undefined;
    if (called.size > 1) return { kind: 'unusable', why: 'is one of several of this name' };
    const [inspection] = called;
    if (inspection === undefined) return undefined;
    if (this.open.has(inspection))
      return { kind: 'unusable', why: 'names this correlation in turn, so neither has a meaning' };
    const { rule, document } = this.complete(inspection);
    if (rule === undefined || document === undefined) return { kind: 'unusable', why: 'has errors' };
    used.add(document.id);
    const { plan, logSources = [], idle } = rule;
    const isIdle = idle === undefined ? {} : { idle };
    if (plan.kind === 'window') return { kind: 'window', plan, logSources, ...isIdle };
    if (plan.kind !== 'event')
      return { kind: 'unusable', why: `is a ${plan.kind}; rules over one event and correlations can take part` };
    if (document.indexPatterns.length > 0) {
      return { kind: 'unusable', why: 'reads index patterns, which a correlation does not look at' };
    }
    return { kind: 'event', predicate: plan.predicate, logSource: logSources[0] ?? {}, ...isIdle };
  }

  private put(name: string, inspection: Inspection): void {
    const known = this.byName.get(name);
    if (known === undefined) this.byName.set(name, new Set([inspection]));
    else known.add(inspection);
  }
}
