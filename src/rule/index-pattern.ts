/**
 * Which rules read which events: a rule's index patterns against the data streams an event belongs to.
 *
 *   ["logs-endpoint.events.*", "-logs-endpoint.events.file*"] ──compile──▶ (data streams) → does the rule read it?
 *
 * As Elasticsearch resolves index expressions: `*` is any run of characters, an entry may hold a comma list, a leading
 * `-` takes away from what stands before it (so the last pattern that fits decides), `cluster:` names where an index
 * lives and not what it is. Two openings are ours: an event of unknown data streams is read by every rule, because
 * losing it would be worse than a needless look, and a backing index (`.ds-…-2026.01.31-000001`) counts as its stream.
 *
 * Cost: linear in the name (literal parts are found left to right, never tried again), once a stream and rule, since the
 * few names that occur are remembered.
 */
export type ReadsDataStreams = (dataStreams: readonly string[]) => boolean;

interface IndexPattern {
  readonly excludes: boolean;
  /** The literal text between the stars; one part means no star. */
  readonly parts: readonly string[];
}

/** Names remembered for each rule; an attacker who invents data streams must not fill the memory. */
const REMEMBERED = 1024;
const EVERYTHING: ReadsDataStreams = () => true;

export function compileIndexPatterns(patterns: readonly string[]): ReadsDataStreams {
  const compiled = parseIndexPatterns(patterns);
  if (compiled.length === 0) return EVERYTHING;
  const known = new Map<string, boolean>();
  const selects = (stream: string): boolean => {
    const before = known.get(stream);
    if (before !== undefined) return before;
    const selected = select(compiled, dataStreamName(stream));
    if (known.size < REMEMBERED) known.set(stream, selected);
    return selected;
  };
  return (dataStreams) => dataStreams.length === 0 || dataStreams.some(selects);
}

/** True where the patterns leave nothing to read: there are some, and all of them take away. */
export function readsNothing(patterns: readonly string[]): boolean {
  const compiled = parseIndexPatterns(patterns);
  return compiled.length > 0 && compiled.every((pattern) => pattern.excludes);
}

function parseIndexPatterns(patterns: readonly string[]): readonly IndexPattern[] {
  return patterns
    .flatMap((entry) => entry.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const excludes = entry.startsWith('-');
      const local = (excludes ? entry.slice(1) : entry).replace(/^[^:]*:/, '');
      return { excludes, parts: withoutBackingPrefix(local).split(/\*+/) };
    });
}

function select(patterns: readonly IndexPattern[], name: string): boolean {
  return patterns.findLast((pattern) => fits(pattern.parts, name))?.excludes === false;
}

function fits(parts: readonly string[], name: string): boolean {
  const first = parts[0] as string;
  if (parts.length === 1) return name === first;
  const last = parts.at(-1) as string;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function dataStreamName(name: string): string {
  const bare = withoutBackingPrefix(name);
  return bare === name ? name : bare.replace(/-\d{4}\.\d{2}\.\d{2}-\d{6}$/, '');
}

function withoutBackingPrefix(name: string): string {
  return name.startsWith('.ds-') ? name.slice('.ds-'.length) : name;
}
