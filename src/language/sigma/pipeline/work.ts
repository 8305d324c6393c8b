/**
 * A rule while a pipeline works on it: its searches as a tree whose items remember which steps changed them and what
 * their field was called in the rule.
 */
import type { Span } from '../../../diagnostic/span.ts';
import type { LogSource } from '../../../vocabulary/sigma-log-sources.ts';
import type { Condition, NamedSearch, Search, SearchItem, SigmaDetection, SigmaLogSource } from '../ast.ts';
import { PipelineFault, type Variables } from './pipeline.ts';

export interface WorkItem {
  readonly kind: 'item';
  readonly item: SearchItem;
  /** As the rule has it; absent for keywords and for items that the pipeline added. */
  readonly origin: string | undefined;
  /** Ids of the steps that changed the item. */
  readonly applied: ReadonlySet<string>;
  /** Labels of those that changed its field. */
  readonly renamedBy: readonly string[];
}

export type WorkNode =
  | { readonly kind: 'all' | 'any'; readonly children: readonly WorkNode[]; readonly span: Span }
  | WorkItem;

export interface WorkSearch extends Omit<NamedSearch, 'search'> {
  readonly root: WorkNode;
}

/** What a rule says besides its detection, by the keys of its YAML. */
export type RuleFacts = Readonly<Record<string, unknown>>;

/** Items looked at, steps times items: more would take longer than a second. */
const MOST_LOOKS = 2_000_000;
const MOST_ITEMS = 20_000;

export class Run {
  readonly vars: Variables;
  readonly span: Span;
  logSource: SigmaLogSource;
  searches: Map<string, WorkSearch>;
  conditions: readonly Condition[];
  readonly state = new Map<string, unknown>();
  readonly attributes = new Map<string, unknown>();
  /** Ids of the steps whose conditions on the rule held. */
  readonly applied = new Set<string>();
  /** Field name → ids of the steps that gave it, where a value refers to it. */
  readonly fieldsApplied = new Map<string, Set<string>>();
  /** Searches of which nothing is left. */
  readonly emptied = new Set<string>();
  /** Of the rules that a correlation names; absent where the rule is none. */
  private readonly together: readonly LogSource[] | undefined;
  private readonly facts: () => RuleFacts;
  private known: RuleFacts | undefined;
  private looks = 0;

  /** @param together of a correlation rule, whose detection stands for the fields that it names */
  constructor(detection: SigmaDetection, vars: Variables, facts: () => RuleFacts, together?: readonly LogSource[]) {
    this.together = together;
    this.vars = vars;
    this.facts = facts;
    this.span = detection.span;
    this.logSource = detection.logSource;
    this.conditions = detection.conditions;
    this.searches = new Map(
      [...detection.searches].map(([key, { search, ...named }]) => [key, { ...named, root: workNode(search) }]),
    );
  }

  /** The rule's keys; read when they are first asked for. */
  get rule(): RuleFacts {
    this.known ??= this.facts();
    return this.known;
  }

  get isCorrelation(): boolean {
    return this.together !== undefined;
  }

  /** Of a correlation, those of the rules that take part. */
  get logSources(): readonly LogSource[] {
    return this.together ?? [this.logSource];
  }

  /** Every item, as it stands now. A correlation has none. */
  items(): readonly WorkItem[] {
    return this.isCorrelation ? [] : this.all();
  }

  /** What the fields of a search are called now. */
  fieldsOf(search: string): readonly string[] {
    const root = this.searches.get(search)?.root;
    return root === undefined ? [] : itemsOf(root).flatMap(({ item }) => item.field ?? []);
  }

  private all(): readonly WorkItem[] {
    return [...this.searches.values()].flatMap(({ root }) => itemsOf(root));
  }

  /** Puts other nodes in the place of items: none for those that go, nothing for those that stay. */
  replace(change: (item: WorkItem) => readonly WorkNode[] | undefined): void {
    for (const [key, search] of this.searches) {
      const root = this.replaced(search.root, change);
      if (root === undefined) {
        this.searches.delete(key);
        this.emptied.add(key);
      } else if (root !== search.root) {
        this.searches.set(key, { ...search, root });
      }
    }
    this.count(this.all().length);
  }

  private replaced(node: WorkNode, change: (item: WorkItem) => readonly WorkNode[] | undefined): WorkNode | undefined {
    if (node.kind === 'item') {
      const now = change(node);
      if (now === undefined) return node;
      return now.length < 2 ? now[0] : { kind: 'any', children: now, span: node.item.span };
    }
    const children = node.children.map((child) => this.replaced(child, change));
    if (children.every((child, at) => child === node.children[at])) return node;
    const left = children.filter((child) => child !== undefined);
    return left.length === 0 ? undefined : { ...node, children: left };
  }

  private count(items: number): void {
    this.looks += items;
    if (items > MOST_ITEMS || this.looks > MOST_LOOKS) {
      throw new PipelineFault('pipeline-too-large', 'The pipelines make more of the rule than can be worked out.');
    }
  }
}

/** An item that takes another's place, changed by a step. */
export function changedItem(from: WorkItem, item: SearchItem): WorkItem {
  return { ...from, item };
}

export function markApplied(node: WorkNode, id: string): WorkNode {
  return node.kind === 'item'
    ? { ...node, applied: new Set([...node.applied, id]) }
    : { ...node, children: node.children.map((child) => markApplied(child, id)) };
}

export function workNode(search: Search): WorkNode {
  if (search.kind !== 'item') return { ...search, children: search.children.map(workNode) };
  return { kind: 'item', item: search, origin: search.field, applied: new Set(), renamedBy: [] };
}

export function searchOf(node: WorkNode): Search {
  return node.kind === 'item' ? node.item : { ...node, children: node.children.map(searchOf) };
}

function itemsOf(node: WorkNode): readonly WorkItem[] {
  return node.kind === 'item' ? [node] : node.children.flatMap(itemsOf);
}
