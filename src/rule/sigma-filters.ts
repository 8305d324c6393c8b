/**
 * The Sigma filters among rule files, and which of them apply to a rule.
 *
 *   texts ──filter documents without an error──▶ filters ──log source, id or name──▶ those of a rule
 *                                                    └──what came to nothing──▶ findings
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { FilteredRule, SigmaFilter } from '../language/sigma/filter.ts';
import { filterApplies, isCalled, namesInVain } from '../language/sigma/filter-scope.ts';

interface FiledFilter {
  readonly filter: SigmaFilter;
  readonly file: string;
  readonly text: string;
  /** Rules changed. */
  applied: number;
  /** Names among its rules that are a rule's. */
  readonly known: Set<string>;
  readonly inVain: Map<string, FilteredRule>;
}

/** What a file's filters have to be told of, once all rules are known. */
export interface FilterProblem {
  readonly file: string;
  readonly text: string;
  readonly filter: SigmaFilter;
  readonly diagnostic: Diagnostic;
}

/**
 * A look at a text, of which most hold none; `addFilters` reads it. A filter has no detections, and of one document in block
 * style a line that begins with `detection:` says that it has: nothing but a key of its root can begin a line there.
 */
export function mayHoldFilters(text: string): boolean {
  if (!/^[ \t{]*filter[ \t]*:/m.test(text)) return false;
  return !/^detection[ \t]*:/m.test(text) || /^(?:[^\w\s#-]|--)/m.test(text);
}

export class SigmaFilters {
  private readonly filters: FiledFilter[] = [];
  private asking: { readonly rule: FilteredRule; readonly isFiltered: boolean }[] = [];

  get isEmpty(): boolean {
    return this.filters.length === 0;
  }

  add(filter: SigmaFilter, file: string, text: string): void {
    this.filters.push({ filter, file, text, applied: 0, known: new Set(), inVain: new Map() });
  }

  applyingTo(rule: FilteredRule): readonly SigmaFilter[] {
    const applying = this.filters.flatMap((filed) => {
      const { filter } = filed;
      if (filter.rules !== 'any') {
        for (const { name } of filter.rules) if (isCalled(name, rule)) filed.known.add(name);
      }
      const vain = namesInVain(filter, rule);
      if (vain !== undefined) filed.inVain.set(vain.name, rule);
      if (!filterApplies(filter, rule)) return [];
      filed.applied += 1;
      return [filter];
    });
    this.asking.push({ rule, isFiltered: applying.length > 0 });
    return applying;
  }

  /** Which rules have asked for their filters since this was last asked, and whether some applied. */
  takeAsked(): readonly { readonly rule: FilteredRule; readonly isFiltered: boolean }[] {
    const asked = this.asking;
    this.asking = [];
    return asked;
  }

  /** To be asked when every rule has asked for its filters. */
  *problems(): Iterable<FilterProblem> {
    for (const { filter, file, text, applied, known, inVain } of this.filters) {
      const problem = (message: string, span = filter.span, hint?: string): FilterProblem => ({
        file,
        text,
        filter,
        diagnostic: diagnose('sigma-filter-unused', 'warning', message, span, hint),
      });
      if (filter.rules === 'any') {
        if (applied === 0) yield problem('The filter applies to no rule that is loaded: none has its log source.');
        continue;
      }
      for (const { name, span } of filter.rules) {
        if (!known.has(name)) {
          yield problem(`No rule that is loaded has the id or name “${name}”.`, span);
        } else if (inVain.has(name)) {
          const hint = 'Give the filter the log source of the rule, or less of it.';
          yield problem(`The rule “${name}” reads another log source than the filter is for.`, span, hint);
        }
      }
    }
  }
}
