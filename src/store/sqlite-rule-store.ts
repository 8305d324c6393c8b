/**
 * What was changed here about rules, and their revisions, on SQLite, within the state file.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { OverlaidValue, OverlayKey, OverlayValue } from '../rule/overlay.ts';
import { type PackedRaw, packRaw, unpackRaw } from './alert-row.ts';
import {
  MOST_REVISIONS,
  type NewRevision,
  type Revision,
  type RevisionHead,
  type RevisionOrigin,
  type RuleStore,
} from './rule-store.ts';
import { Statements } from './sqlite-statements.ts';
import { transaction } from './sqlite-transaction.ts';
import { asStoreErrors } from './store-error.ts';

const HEAD = 'rule_id, revision, hash, time, path, repository, commit_id, author';
const NEWEST = 'revision = (SELECT max(revision) FROM rule_revision WHERE rule_id = ?1)';

const SQL = {
  overlays: 'SELECT * FROM rule_overlay ORDER BY rule_id, key',
  setOverlay: `INSERT INTO rule_overlay (rule_id, key, value, base, time, author) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (rule_id, key) DO UPDATE
    SET value = excluded.value, base = excluded.base, time = excluded.time, author = excluded.author`,
  removeOverlay: 'DELETE FROM rule_overlay WHERE rule_id = ? AND key = ?',
  // With max() alone, SQLite gives the other columns of the row that has it.
  newest: `SELECT ${HEAD.replace('revision', 'max(revision) AS revision')} FROM rule_revision GROUP BY rule_id`,
  heads: `SELECT ${HEAD} FROM rule_revision WHERE rule_id = ? ORDER BY revision DESC`,
  revision: `SELECT ${HEAD}, text, encoding FROM rule_revision WHERE rule_id = ? AND revision = ?`,
  add: `INSERT INTO rule_revision (${HEAD}, text, encoding)
    SELECT ?1, coalesce(max(revision), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM rule_revision WHERE rule_id = ?1`,
  forget: `DELETE FROM rule_revision WHERE rule_id = ?1
    AND revision <= (SELECT max(revision) FROM rule_revision WHERE rule_id = ?1) - ${MOST_REVISIONS}`,
  move: `UPDATE rule_revision SET path = ?2, repository = ?3, commit_id = ?4, author = ?5
    WHERE rule_id = ?1 AND ${NEWEST}`,
} as const;

type Row = Record<string, SQLInputValue>;

export class SqliteRuleStore implements RuleStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly statements: Statements;

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.statements = new Statements(database);
  }

  overlays(): ReadonlyMap<string, readonly OverlaidValue[]> {
    const byRule = new Map<string, OverlaidValue[]>();
    for (const row of this.guard(() => this.statements.of(SQL.overlays).all() as Row[])) {
      const id = row.rule_id as string;
      const values = byRule.get(id);
      if (values === undefined) byRule.set(id, [toValue(row)]);
      else values.push(toValue(row));
    }
    return byRule;
  }

  setOverlay(ruleId: string, { key, value, base, time, by }: OverlaidValue): void {
    const before = base === undefined ? null : JSON.stringify(base);
    this.guard(() =>
      this.statements.of(SQL.setOverlay).run(ruleId, key, JSON.stringify(value), before, time ?? null, by ?? null),
    );
  }

  removeOverlay(ruleId: string, key: OverlayKey): void {
    this.guard(() => this.statements.of(SQL.removeOverlay).run(ruleId, key));
  }

  newestRevisions(): ReadonlyMap<string, RevisionHead> {
    const rows = this.guard(() => this.statements.of(SQL.newest).all() as Row[]);
    return new Map(rows.map((row) => [row.rule_id as string, toHead(row)]));
  }

  revisions(ruleId: string): readonly RevisionHead[] {
    return this.guard(() => this.statements.of(SQL.heads).all(ruleId) as Row[]).map(toHead);
  }

  revision(ruleId: string, revision: number): Revision | undefined {
    const row = this.guard(() => this.statements.of(SQL.revision).get(ruleId, revision)) as Row | undefined;
    if (row === undefined) return undefined;
    const bytes = unpackRaw({ bytes: row.text as Uint8Array, encoding: row.encoding as PackedRaw['encoding'] });
    return { ...toHead(row), text: Buffer.from(bytes).toString() };
  }

  addRevisions(revisions: readonly NewRevision[]): void {
    if (revisions.length === 0) return;
    transaction(this.database, this.path, 'BEGIN IMMEDIATE', () => {
      for (const { ruleId, hash, time, path, repository, commit, author, text } of revisions) {
        const { bytes, encoding } = packRaw(Buffer.from(text));
        const origin = [path, repository ?? null, commit ?? null, author ?? null] as const;
        this.statements.of(SQL.add).run(ruleId, hash, time, ...origin, bytes, encoding);
        this.statements.of(SQL.forget).run(ruleId);
      }
    });
  }

  moveRevision(ruleId: string, { path, repository, commit, author }: RevisionOrigin): void {
    this.guard(() =>
      this.statements.of(SQL.move).run(ruleId, path, repository ?? null, commit ?? null, author ?? null),
    );
  }

  private guard<T>(action: () => T): T {
    return asStoreErrors(this.path, action);
  }
}

function toValue({ key, value, base, time, author }: Row): OverlaidValue {
  return {
    key: key as OverlayKey,
    value: JSON.parse(value as string) as OverlayValue,
    ...(base === null ? {} : { base: JSON.parse(base as string) as OverlayValue | null }),
    ...(time === null ? {} : { time: time as string }),
    ...(author === null ? {} : { by: author as string }),
  };
}

function toHead({ rule_id, revision, hash, time, path, repository, commit_id, author }: Row): RevisionHead {
  return {
    ruleId: rule_id as string,
    revision: revision as number,
    hash: hash as string,
    time: time as string,
    path: path as string,
    ...(repository === null ? {} : { repository: repository as string }),
    ...(commit_id === null ? {} : { commit: commit_id as string }),
    ...(author === null ? {} : { author: author as string }),
  };
}
