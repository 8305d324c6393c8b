/**
 * Microsoft's Kusto parser and binder (`@kusto/language-service-next`), as little of it as Vedette uses.
 *
 * The package is C# turned into JavaScript: no exports, it sets the globals `Kusto`, `System` and `Bridge`; lists are
 * .NET lists; overloaded constructors are numbered (`$ctor16`) in an order that can change with any release. So its
 * version is pinned, and `adapter.test.ts` fails when the shape described here no longer holds.
 *
 * Costs one to two seconds and 200 MB (first analysis included), so only `kusto-worker.ts` imports this.
 */
import { createRequire } from 'node:module';
import type { KustoSchema, KustoTable } from './schema.ts';

export interface BridgeSymbol {
  readonly Name: string;
  readonly Kind: number;
}

export interface BridgeTable extends BridgeSymbol {
  readonly Columns?: BridgeList<BridgeSymbol>;
}

export interface BridgeList<T> {
  readonly Count: number;
  readonly __item?: T;
}

/** A node or a token. */
export interface BridgeNode {
  readonly Kind: number;
  readonly ChildCount: number;
  /** UTF-16 offsets without the white space before. */
  readonly TextStart: number;
  readonly End: number;
  readonly Text?: string;
  readonly ResultType?: BridgeTable | null;
  readonly ReferencedSymbol?: BridgeSymbol | null;
  readonly LiteralValue?: unknown;
  readonly SimpleName?: string;
  GetChild(index: number): BridgeNode | null;
}

export interface BridgeDiagnostic {
  readonly Code: string;
  /** `Error`, `Warning`, `Suggestion`, … */
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

interface BridgeCode {
  readonly Syntax: BridgeNode;
  GetDiagnostics(): BridgeList<BridgeDiagnostic>;
}

type Constructor<A extends unknown[], R> = new (...args: A) => R;

interface BridgeGlobals {
  readonly System: { readonly Array: { getItem<T>(list: BridgeList<T>, index: number): T } };
  readonly Kusto: {
    readonly Language: {
      readonly GlobalState: { readonly Default: { WithDatabase(database: BridgeSymbol): object } };
      readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): BridgeCode };
      readonly Symbols: {
        readonly TableSymbol: { From(schema: string): { WithName(name: string): BridgeSymbol } };
        readonly DatabaseSymbol: { readonly ctor: Constructor<[string, BridgeSymbol[]], BridgeSymbol> };
        /** (name, parameter list, body, description) */
        readonly FunctionSymbol: { readonly $ctor16: Constructor<[string, string, string, null], BridgeSymbol> };
        readonly SymbolKind: Readonly<Record<string, unknown>>;
      };
      readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
    };
  };
}

export interface Analysis {
  readonly root: BridgeNode;
  readonly diagnostics: readonly BridgeDiagnostic[];
}

export interface Bridge {
  /** Parses and binds against the schema. May throw a RangeError on a text that is nested too deeply. */
  analyze(text: string): Analysis;
  kindName(node: BridgeNode): string;
  symbolKindName(symbol: BridgeSymbol): string;
  list<T>(list: BridgeList<T>): readonly T[];
}

/** Loads the package and binds to the schema. @throws {Error} when the package is missing or has another shape. */
export function loadBridge(schema: KustoSchema): Bridge {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Kusto, System } = globalThis as unknown as BridgeGlobals;
  const { GlobalState, KustoCode, Symbols, Syntax } = Kusto.Language;
  const list = <T>(items: BridgeList<T>): readonly T[] =>
    Array.from({ length: items.Count }, (_, index) => System.Array.getItem(items, index));
  const members = schema.tables.flatMap((table, index) => tableSymbols(table, index, Symbols));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('vedette', members));
  const kinds = namesByNumber(Syntax.SyntaxKind);
  const symbolKinds = namesByNumber(Symbols.SymbolKind);
  return {
    analyze(text) {
      const code = KustoCode.ParseAndAnalyze(text, globals);
      return { root: code.Syntax, diagnostics: list(code.GetDiagnostics()) };
    },
    kindName: (node) => kinds.get(node.Kind) ?? '',
    symbolKindName: (symbol) => symbolKinds.get(symbol.Kind) ?? '',
    list,
  };
}

/** A hidden table and, for each name, a function that gives it: functions may be called with or without `()`. */
function tableSymbols(
  { names, columns, parameters = '' }: KustoTable,
  index: number,
  { TableSymbol, FunctionSymbol }: BridgeGlobals['Kusto']['Language']['Symbols'],
): BridgeSymbol[] {
  const hidden = `__vedette_${index}`;
  const schema = columns.map(({ name, type }) => `['${name}']: ${type}`).join(', ');
  const table = TableSymbol.From(`(${schema})`).WithName(hidden);
  return [table, ...names.map((name) => new FunctionSymbol.$ctor16(name, `(${parameters})`, `{ ${hidden} }`, null))];
}

function namesByNumber(kinds: Readonly<Record<string, unknown>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(kinds).flatMap(([name, number]) => (typeof number === 'number' ? [[number, name] as const] : [])),
  );
}
