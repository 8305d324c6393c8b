/**
 * The functions of EQL, as Elasticsearch has them. Their names are read in any case; `~` after a name that allows it
 * compares case-insensitively.
 */
interface EqlFunction {
  readonly name: string;
  readonly tilde: boolean;
}

const FUNCTIONS: readonly EqlFunction[] = [
  { name: 'add', tilde: false },
  { name: 'between', tilde: true },
  { name: 'cidrMatch', tilde: false },
  { name: 'concat', tilde: false },
  { name: 'divide', tilde: false },
  { name: 'endsWith', tilde: true },
  { name: 'indexOf', tilde: true },
  { name: 'length', tilde: false },
  { name: 'modulo', tilde: false },
  { name: 'multiply', tilde: false },
  { name: 'number', tilde: false },
  { name: 'startsWith', tilde: true },
  { name: 'string', tilde: false },
  { name: 'stringContains', tilde: true },
  { name: 'substring', tilde: false },
  { name: 'subtract', tilde: false },
];

const BY_LOWER_NAME = new Map(FUNCTIONS.map((entry) => [entry.name.toLowerCase(), entry]));

export function eqlFunction(name: string): EqlFunction | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}

export function eqlFunctionNames(): readonly string[] {
  return FUNCTIONS.map((entry) => entry.name);
}
