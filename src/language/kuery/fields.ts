/**
 * The fields that a query names, as an index of Elastic's has them: events have `process.name`, and an index beside it
 * `process.name.text` (its words) and `process.name.caseless` (in lower case).
 */
import type { CaseFold, FieldRef, FieldType, WordSplit } from '../../plan/predicate/node.ts';
import { type FieldProblem, type FieldSchema, knownFieldNames, knownFields, knownFieldType } from '../field-schema.ts';

export interface KueryField {
  readonly ref: FieldRef;
  readonly fold: CaseFold;
  /** How the values of a text field fall into words. */
  readonly split: WordSplit;
  /** Absent where the schema has the field. */
  readonly problem?: (suggest: boolean) => FieldProblem | undefined;
}

/** Text that is indexed by its words, where neither ECS nor example documents can tell; with the analyzer it has. */
const SCRIPTS: ReadonlySet<string> = new Set(['powershell.file.script_block_text']);

const SUB_FIELDS: Readonly<Record<string, { readonly type: FieldType; readonly fold: CaseFold }>> = {
  text: { type: 'text', fold: 'none' },
  caseless: { type: 'keyword', fold: 'unicode' },
  keyword: { type: 'keyword', fold: 'none' },
};

const KNOWN = knownFields({});

export function resolveField(name: string, given?: FieldSchema['type']): KueryField {
  const typeOf = given ?? kueryFieldType;
  const type = typeOf(name);
  const split: WordSplit = SCRIPTS.has(name) ? 'script' : 'standard';
  if (type !== undefined) return { ref: { name, type }, fold: 'none', split };
  const dot = name.lastIndexOf('.');
  const parent = name.slice(0, Math.max(dot, 0));
  const sub = SUB_FIELDS[name.slice(dot + 1)];
  const parentType = sub === undefined ? undefined : typeOf(parent);
  if (sub !== undefined && (parentType === 'keyword' || parentType === 'text')) {
    return { ref: { name: parent, type: sub.type }, fold: sub.fold, split };
  }
  const problem = given === undefined ? KNOWN.problem : undefined;
  const ref: FieldRef = { name, type: 'unknown' };
  if (problem === undefined) return { ref, fold: 'none', split };
  return { ref, fold: 'none', split, problem: (suggest) => problem(name, suggest) };
}

/** The type of a field as an index has it; `object` for a name under which there are fields. */
export function kueryFieldType(name: string): FieldType | undefined {
  if (SCRIPTS.has(name)) return 'text';
  return knownFieldType(name) ?? (parents().has(name) ? 'object' : undefined);
}

let known: ReadonlySet<string> | undefined;

function parents(): ReadonlySet<string> {
  if (known === undefined) {
    const found = new Set<string>();
    for (const name of knownFieldNames()) {
      for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) found.add(name.slice(0, dot));
    }
    known = found;
  }
  return known;
}
