/**
 * Sigma: the YAML of a rule to a plan over one event.
 *
 *   text ──YAML──▶ tree ──parse──▶ log source, searches, conditions ──lower──▶ plan
 *
 * Semantics: the Sigma specification 2.1; docs/sigma.md lists what is there and where the specification leaves room.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type EventPlan, eventPlan } from '../../plan/plan.ts';
import type { Compiled } from '../language.ts';
import { parseYaml } from '../yaml.ts';
import { lowerSigma } from './lower-sigma.ts';
import type { Placeholders } from './modifiers.ts';
import { parseDetection, refuseOtherKind } from './parse-rule.ts';

export interface SigmaOptions {
  /** Values for placeholders under `expand`, by name without percent signs. Without them such a rule is refused. */
  readonly placeholders?: Placeholders;
}

/** @param text a whole rule, or as little of it as `logsource` and `detection` */
export function compileSigma(text: string, options: SigmaOptions = {}): Compiled<EventPlan> {
  const [document, second] = parseYaml(text);
  if (document?.root === undefined) return { diagnostics: document?.diagnostics ?? [] };
  if (second !== undefined) {
    return refused(diagnose('sigma-detection', 'error', 'Here one rule is wanted; this is several.', second.span));
  }
  const { root } = document;
  if (root.kind !== 'map') {
    const hint = 'A Sigma rule is a YAML map with logsource and detection.';
    return refused(diagnose('sigma-detection', 'error', 'This is no Sigma rule.', root.span, hint));
  }
  const other = refuseOtherKind(root);
  if (other !== undefined) return refused(other);
  const parsed = parseDetection(root, text);
  if (parsed.detection === undefined) return { diagnostics: parsed.diagnostics };
  const { predicate, diagnostics, unserved } = lowerSigma(parsed.detection, options.placeholders ?? new Map());
  if (predicate === undefined) return { diagnostics };
  const plan = eventPlan(predicate);
  if (unserved.length === 0) return { plan, diagnostics };
  return { plan, diagnostics, idle: `No format gives events of ${unserved.join(', ')} yet.` };
}

function refused(diagnostic: Diagnostic): Compiled<EventPlan> {
  return { diagnostics: [diagnostic] };
}
