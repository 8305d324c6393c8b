/**
 * What was changed here about rules, where they came from, and their revisions. Shapes only, as in `api.ts`.
 *
 *   PUT  /api/rules/:id/overlay           OverlayRequest → RuleDetail   422 where a value does not fit
 *   GET  /api/rules/:id/revisions         RuleRevision[]                newest first; also of a rule that is gone
 *   GET  /api/rules/:id/revisions/:number RuleRevisionText
 *   GET  /api/rules/:id/diff?from&to      RuleDiff
 *   POST /api/rules/reload                { reloaded: true }            reads all files of rules again
 */
import type { DiffHunk } from '../engine/text-diff.ts';
import type { OverlayChanges, OverlayKey, OverlayView } from '../rule/overlay.ts';
import type { RevisionOrigin } from '../store/rule-store.ts';

/** A value to count here, or `null` for the rule’s own. A value that counts already is taken as of now: “keep mine”. */
export interface OverlayRequest extends OverlayChanges {
  /** Default the user that runs the service. */
  readonly by?: string;
}

export interface RuleRevision extends RevisionOrigin {
  readonly revision: number;
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
  /** When it was first loaded. */
  readonly time: string;
}

export interface RuleRevisionText extends RuleRevision {
  readonly text: string;
}

export interface RuleDiff {
  readonly from: RuleRevision;
  readonly to: RuleRevision;
  /** None where the texts are the same. */
  readonly hunks: readonly DiffHunk[];
}

export type { DiffHunk, OverlayKey, OverlayView, RevisionOrigin };
