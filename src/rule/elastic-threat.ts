/**
 * The threat mapping of an Elastic rule: `[[rule.threat]]` with its tactic, techniques and sub-techniques.
 */
import type { ThreatMapping, ThreatReference } from './rule.ts';
import { isTable, type TomlTable } from './toml.ts';

type Path = readonly (string | number)[];
type Wrong = (path: Path, message: string) => void;

export interface ReadThreat {
  readonly threat: readonly ThreatMapping[];
  /** The mapping holds all that was written; otherwise the original has to be kept beside it. */
  readonly exact: boolean;
}

/** Entries that have no usable tactic or technique are left out of `threat` and told to `wrong`. */
export function readThreat(value: unknown, wrong: Wrong): ReadThreat {
  if (value === undefined) return { threat: [], exact: true };
  const reader = new ThreatReader(wrong);
  const threat = reader.list(value, ['threat'], (entry, path) => reader.mapping(entry, path));
  return { threat, exact: reader.exact };
}

class ThreatReader {
  exact = true;
  private readonly wrong: Wrong;

  constructor(wrong: Wrong) {
    this.wrong = wrong;
  }

  list<T>(value: unknown, path: Path, read: (entry: TomlTable, path: Path) => T | undefined): readonly T[] {
    if (!Array.isArray(value)) return this.refuse(path, `${path.at(-1)} must be a list of tables`) ?? [];
    const entries: T[] = [];
    for (const [index, entry] of value.entries()) {
      const at = [...path, index];
      const result = isTable(entry) ? read(entry, at) : this.refuse(at, `${path.at(-1)} must hold tables`);
      if (result !== undefined) entries.push(result);
    }
    return entries;
  }

  mapping(entry: TomlTable, path: Path): ThreatMapping | undefined {
    this.expect(entry, ['framework', 'tactic', 'technique']);
    const framework = this.name(entry, 'framework', path);
    const tactic = isTable(entry.tactic)
      ? this.reference(entry.tactic, [...path, 'tactic'], [])
      : this.refuse(path, 'A threat entry needs a tactic');
    const technique = this.optionalList(entry, 'technique', path, (entry, path) => {
      const reference = this.reference(entry, path, ['subtechnique']);
      const subtechnique = this.optionalList(entry, 'subtechnique', path, (entry, path) =>
        this.reference(entry, path, []),
      );
      return reference === undefined ? undefined : { ...reference, subtechnique };
    });
    return framework === undefined || tactic === undefined ? undefined : { framework, tactic, technique };
  }

  private optionalList<T>(
    entry: TomlTable,
    key: string,
    path: Path,
    read: (entry: TomlTable, path: Path) => T | undefined,
  ): readonly T[] {
    return entry[key] === undefined ? [] : this.list(entry[key], [...path, key], read);
  }

  private reference(entry: TomlTable, path: Path, more: readonly string[]): ThreatReference | undefined {
    this.expect(entry, ['id', 'name', 'reference', ...more]);
    const id = this.name(entry, 'id', path);
    const name = this.name(entry, 'name', path);
    const reference = entry.reference === undefined ? undefined : this.name(entry, 'reference', path);
    if (id === undefined || name === undefined) return undefined;
    return reference === undefined ? { id, name } : { id, name, reference };
  }

  private name(entry: TomlTable, key: string, path: Path): string | undefined {
    const value = entry[key];
    if (typeof value === 'string') return value;
    return value === undefined
      ? this.refuse(path, `A threat ${String(path.findLast((part) => typeof part === 'string'))} needs ${key}`)
      : this.refuse([...path, key], `${key} must be a text`);
  }

  /** Keys beside these are kept with the original. */
  private expect(entry: TomlTable, keys: readonly string[]): void {
    if (Object.keys(entry).some((key) => !keys.includes(key))) this.exact = false;
  }

  private refuse(path: Path, message: string): undefined {
    this.exact = false;
    this.wrong(path, message);
    return undefined;
  }
}
