/**
 * What is remembered about rules beside their texts: what was changed here, and their earlier texts.
 *
 * A revision is a text without an error; a rule’s revisions are numbered from 1. The newest is what runs on where the
 * rule’s file is broken.
 */
import type { OverlaidValue, OverlayKey } from '../rule/overlay.ts';

/** Where a text came from. */
export interface RevisionOrigin {
  /** The file. */
  readonly path: string;
  /** The address of the git repository, without what proves who asks. */
  readonly repository?: string;
  readonly commit?: string;
  /** Who wrote it, where that is known: the commit’s author, or who added it on the page. */
  readonly author?: string;
}

export interface RevisionHead extends RevisionOrigin {
  readonly ruleId: string;
  readonly revision: number;
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
  /** When it was first loaded, ISO 8601. */
  readonly time: string;
}

export interface Revision extends RevisionHead {
  readonly text: string;
}

export type NewRevision = Omit<Revision, 'revision'>;

export interface RuleStore {
  /** By rule. */
  overlays(): ReadonlyMap<string, readonly OverlaidValue[]>;
  /** In place of the value of this key, where there is one. */
  setOverlay(ruleId: string, value: OverlaidValue): void;
  removeOverlay(ruleId: string, key: OverlayKey): void;

  /** Of each rule, also of those that are gone. */
  newestRevisions(): ReadonlyMap<string, RevisionHead>;
  /** Newest first. */
  revisions(ruleId: string): readonly RevisionHead[];
  revision(ruleId: string, revision: number): Revision | undefined;
  /** All or none. Of each rule the newest `MOST_REVISIONS` are kept. */
  addRevisions(revisions: readonly NewRevision[]): void;
  /** The newest revision’s text stands elsewhere now, as it was. */
  moveRevision(ruleId: string, origin: RevisionOrigin): void;
}

export const MOST_REVISIONS = 200;
