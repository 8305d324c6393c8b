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
import { namedTables } from './named-tables.ts';
import type { KustoFunction, KustoSchema, KustoTable } from './schema.ts';

export interface BridgeSymbol {
  readonly Name: string;
  readonly Kind: number;
  /** Of a column. */
  readonly Type?: BridgeSymbol;
}

export interface BridgeTable extends BridgeSymbol {
  readonly Columns?: BridgeList<BridgeSymbol>;
  readonly IsOpen?: boolean;
}

interface BridgeSignature {
  readonly Parameters: BridgeList<BridgeParameter>;
  /** The function's body where it is declared; absent for one of the schema. */
  readonly Declaration?: BridgeNode | null;
}

interface BridgeParameter extends BridgeSymbol {
  readonly DefaultValue?: BridgeNode | null;
  readonly IsOptional?: boolean;
  readonly DeclaredTypes?: BridgeList<BridgeSymbol>;
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
  readonly ValueText?: string;
  readonly Root?: BridgeNode;
  GetChild(index: number): BridgeNode | null;
  /** What the child is called among its parent's parts. */
  GetName(index: number): string | null;
  /** Of a call, bare or with arguments: the body as the binder made it for this call. */
  GetCalledFunctionBody?(): BridgeNode | null;
  /** What is wrong in that body, with places in it. */
  GetCalledFunctionDiagnostics?(): BridgeList<BridgeDiagnostic>;
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

interface BridgeCodeService {
  GetQuickInfo(offset: number): { readonly Text: string };
}

/** .NET's list, or an array. */
type Symbols = BridgeList<BridgeSymbol> | readonly BridgeSymbol[];

type Constructor<A extends unknown[], R> = new (...args: A) => R;

interface BridgeGlobals {
  readonly System: { readonly Array: { getItem<T>(list: BridgeList<T>, index: number): T } };
  readonly Kusto: {
    readonly Language: {
      readonly GlobalState: { readonly Default: { WithDatabase(database: BridgeSymbol): object } };
      readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): BridgeCode };
      readonly Editor: {
        readonly KustoCodeService: { readonly ctor: Constructor<[BridgeCode], BridgeCodeService> };
      };
      readonly Symbols: {
        readonly TableSymbol: { From(schema: string): { WithName(name: string): BridgeSymbol } };
        readonly DatabaseSymbol: { readonly ctor: Constructor<[string, BridgeSymbol[]], BridgeSymbol> };
        /** (name, parameter list, body, description) */
        readonly FunctionSymbol: { readonly $ctor16: Constructor<[string, string, string, null], BridgeSymbol> };
        readonly SymbolKind: Readonly<Record<string, unknown>>;
        readonly ColumnSymbol: { GetTrulyOriginalColumns(columns: Symbols): Symbols };
      };
      readonly Binding: {
        readonly Binder: { GetExpressionResultName(node: BridgeNode, otherwise: null): string | null };
      };
      readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
    };
  };
}

export interface Analysis {
  readonly root: BridgeNode;
  readonly diagnostics: readonly BridgeDiagnostic[];
}

/** A function that is called, other than Kusto's own. */
export interface CalledFunction {
  readonly parameters: readonly {
    readonly name: string;
    readonly isTable: boolean;
    readonly type: string;
    readonly defaultValue?: BridgeNode;
  }[];
  /** Bound for the arguments of this call. */
  readonly body: BridgeNode;
  /** Of the body; that of the declaration may have none, since it may not know its columns (`table(name)`). */
  readonly diagnostics: readonly BridgeDiagnostic[];
  readonly declaration?: BridgeNode;
  /** Whether it is a table of the schema that takes parameters. */
  readonly isSchemaTable: boolean;
}

export interface Bridge {
  /** Parses and binds against the schema. May throw a RangeError on a text that is nested too deeply. */
  analyze(text: string): Analysis;
  /** The same for a query over tables: tables without parameters are tables here, not functions. */
  analyzeTables(text: string): Analysis;
  /** What Microsoft's editors show of the word there, as `(function) strlen(string): long`; '' of much. */
  quickInfo(text: string, offset: number): string;
  called(node: BridgeNode): CalledFunction | undefined;
  /** What a column is called that the expression gives. */
  resultName(node: BridgeNode): string | undefined;
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
  const { Binding, Editor, GlobalState, KustoCode, Symbols, Syntax } = Kusto.Language;
  const list = <T>(items: BridgeList<T>): readonly T[] =>
    Array.from({ length: items.Count }, (_, index) => System.Array.getItem(items, index));
  nameOriginalsOnce(Symbols.ColumnSymbol, list);
  const schemaTables = new Set(schema.tables.flatMap(({ names }) => names));
  const functions = schema.functions ?? [];
  const globalsFor = (text: string, isOverTables: boolean): object => {
    const named = namedTables([text, ...(isOverTables ? functions.map(({ body }) => body) : [])], schema.tables);
    const key = `${isOverTables} ${named.join()}`;
    const known = databases.get(key);
    if (known !== undefined) return known;
    const make = isOverTables ? queriedSymbols : tableSymbols;
    const members = named.flatMap((index) => {
      const made =
        symbolsOf.get(`${isOverTables} ${index}`) ?? make(schema.tables[index] as KustoTable, index, Symbols);
      symbolsOf.set(`${isOverTables} ${index}`, made);
      return made;
    });
    if (isOverTables) members.push(...functions.map((each) => functionSymbol(each, Symbols)));
    const made = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('vedette', members));
    if (databases.size >= MOST_DATABASES) databases.clear();
    databases.set(key, made);
    return made;
  };
  const symbolsOf = new Map<string, BridgeSymbol[]>();
  const databases = new Map<string, object>();
  const kinds = namesByNumber(Syntax.SyntaxKind);
  const symbolKinds = namesByNumber(Symbols.SymbolKind);
  return {
    analyze(text) {
      const code = KustoCode.ParseAndAnalyze(text, globalsFor(text, false));
      return { root: code.Syntax, diagnostics: list(code.GetDiagnostics()) };
    },
    analyzeTables(text) {
      const code = KustoCode.ParseAndAnalyze(text, globalsFor(text, true));
      return { root: code.Syntax, diagnostics: list(code.GetDiagnostics()) };
    },
    quickInfo(text, offset) {
      const code = KustoCode.ParseAndAnalyze(text, globalsFor(text, true));
      return new Editor.KustoCodeService.ctor(code).GetQuickInfo(offset).Text;
    },
    called(node) {
      const body = node.GetCalledFunctionBody?.();
      const symbol = node.ReferencedSymbol;
      if (body === null || body === undefined || symbol === null || symbol === undefined) return undefined;
      const signatures = (symbol as { readonly Signatures?: BridgeList<BridgeSignature> }).Signatures;
      const signature = signatures === undefined ? undefined : list(signatures)[0];
      if (signature === undefined) return undefined;
      return {
        parameters: list(signature.Parameters).map((parameter) => {
          const type = parameter.DeclaredTypes === undefined ? undefined : list(parameter.DeclaredTypes)[0];
          const defaultValue = parameter.DefaultValue ?? undefined;
          return {
            name: parameter.Name,
            isTable: type !== undefined && symbolKinds.get(type.Kind) === 'Table',
            type: type?.Name ?? 'unknown',
            ...(defaultValue === undefined ? {} : { defaultValue }),
          };
        }),
        body,
        diagnostics: list(node.GetCalledFunctionDiagnostics?.() ?? NO_DIAGNOSTICS),
        ...(signature.Declaration ? { declaration: signature.Declaration } : {}),
        isSchemaTable: schemaTables.has(symbol.Name) && /^\s*\{ __vedette_\d+ \}$/.test(body.toString()),
      };
    },
    resultName: (node) => Binding.Binder.GetExpressionResultName(node, null) || undefined,
    kindName: (node) => kinds.get(node.Kind) ?? '',
    symbolKindName: (symbol) => symbolKinds.get(symbol.Kind) ?? '',
    list,
  };
}

/**
 * A column notes the columns that it comes from, for editors that rename them, and a union of tables with the same columns
 * notes each as often as it is there: a table that was united with itself thirty times would note a thousand million.
 */
function nameOriginalsOnce(
  symbol: BridgeGlobals['Kusto']['Language']['Symbols']['ColumnSymbol'],
  list: Bridge['list'],
): void {
  const original = symbol.GetTrulyOriginalColumns;
  if (patched.has(original)) return;
  const once = (columns: Symbols): Symbols => {
    const found = original(columns);
    return [...new Set(isArray(found) ? found : list(found))];
  };
  patched.add(once);
  symbol.GetTrulyOriginalColumns = once;
}

const isArray = (columns: Symbols): columns is readonly BridgeSymbol[] => Array.isArray(columns);

const patched = new WeakSet<object>();

const NO_DIAGNOSTICS: BridgeList<BridgeDiagnostic> = { Count: 0 };

/** Sets of tables that queries named together. */
const MOST_DATABASES = 50;

function functionSymbol(
  { name, parameters, body }: KustoFunction,
  { FunctionSymbol }: BridgeGlobals['Kusto']['Language']['Symbols'],
): BridgeSymbol {
  return new FunctionSymbol.$ctor16(name, `(${parameters})`, `{ ${body} }`, null);
}

/** A hidden table and, for each name, a function that gives it: functions may be called with or without `()`. */
function tableSymbols(
  definition: KustoTable,
  index: number,
  { TableSymbol, FunctionSymbol }: BridgeGlobals['Kusto']['Language']['Symbols'],
): BridgeSymbol[] {
  const { names, parameters = '' } = definition;
  const hidden = `__vedette_${index}`;
  const table = TableSymbol.From(schemaText(definition)).WithName(hidden);
  return [table, ...names.map((name) => new FunctionSymbol.$ctor16(name, `(${parameters})`, `{ ${hidden} }`, null))];
}

/** What a query over tables sees: a table with parameters is a function, any other a table under each of its names. */
function queriedSymbols(
  table: KustoTable,
  index: number,
  symbols: BridgeGlobals['Kusto']['Language']['Symbols'],
): BridgeSymbol[] {
  if (table.parameters !== undefined) return tableSymbols(table, index, symbols);
  const columns = schemaText(table);
  return table.names.map((name) => symbols.TableSymbol.From(columns).WithName(name));
}

function schemaText({ columns }: KustoTable): string {
  return `(${columns.map(({ name, type }) => `['${name}']: ${type}`).join(', ')})`;
}

function namesByNumber(kinds: Readonly<Record<string, unknown>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(kinds).flatMap(([name, number]) => (typeof number === 'number' ? [[number, name] as const] : [])),
  );
}
