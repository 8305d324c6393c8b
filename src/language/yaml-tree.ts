/**
 * What YAML is read into: a plain tree with places.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Span } from '../diagnostic/span.ts';

export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  /** Keys are texts and occur once. */
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** A number that JavaScript cannot hold exactly, or that is not finite, is its text. */
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface YamlDocument {
  /** Absent where the document is wrong; the diagnostics say why. An empty document is a null scalar. */
  readonly root?: YamlNode;
  readonly span: Span;
  /** Whether a part of the document takes its value from another part (`*alias`). */
  readonly hasAliases: boolean;
  readonly diagnostics: readonly Diagnostic[];
}
