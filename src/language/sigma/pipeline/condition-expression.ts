/**
 * How a step links its named conditions: `rule_cond_expr: windows and not (dns or proxy)`. `not` binds closest, then
 * `and`, then `or`; the words are in lower case, as in pySigma.
 */
import type { BooleanTree } from './pipeline.ts';

const DEEPEST = 50;
const LONGEST = 10_000;

/** @returns what is wrong, as a whole sentence, where it cannot be read */
export function parseConditionExpression(text: string): BooleanTree | { readonly fault: string } {
  if (text.length > LONGEST) return { fault: `The expression is longer than ${LONGEST} characters.` };
  const tokens = text.match(/[()]|[A-Za-z0-9_-]+|\S/g) ?? [];
  try {
    const parser = new Parser(tokens);
    return parser.whole();
  } catch (error) {
    if (error instanceof Mistake) return { fault: error.message };
    throw error;
  }
}

/** The names that an expression asks for. */
export function namesIn(tree: BooleanTree): readonly string[] {
  if (tree.kind === 'name') return [tree.name];
  return tree.kind === 'not' ? namesIn(tree.child) : tree.children.flatMap(namesIn);
}

class Mistake extends Error {}

class Parser {
  private readonly tokens: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  whole(): BooleanTree {
    const tree = this.linked('or');
    const left = this.tokens[this.at];
    if (left !== undefined) throw new Mistake(`“${left}” cannot stand here; link two conditions with and, or.`);
    return tree;
  }

  private linked(kind: 'or' | 'and'): BooleanTree {
    const operand = (): BooleanTree => (kind === 'or' ? this.linked('and') : this.unary());
    const first = operand();
    const children = [first];
    while (this.tokens[this.at] === kind) {
      this.at += 1;
      children.push(operand());
    }
    return children.length === 1 ? first : { kind, children };
  }

  private unary(): BooleanTree {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token === undefined) throw new Mistake('The expression ends where a condition belongs.');
    if (token === 'not' || token === '(') {
      this.depth += 1;
      if (this.depth > DEEPEST) throw new Mistake(`The expression nests deeper than ${DEEPEST} levels.`);
      const tree: BooleanTree = token === 'not' ? { kind: 'not', child: this.unary() } : this.closed();
      this.depth -= 1;
      return tree;
    }
    if (/^(?:and|or)$/.test(token) || !/^[A-Za-z0-9_-]+$/.test(token)) {
      throw new Mistake(`A condition belongs before “${token}”.`);
    }
    return { kind: 'name', name: token };
  }

  private closed(): BooleanTree {
    const tree = this.linked('or');
    if (this.tokens[this.at] !== ')') throw new Mistake('A ( is not closed.');
    this.at += 1;
    return tree;
  }
}
