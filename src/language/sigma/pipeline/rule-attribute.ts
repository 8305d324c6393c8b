/**
 * Attributes of rules and states of pipelines compared with a value: levels and statuses by their order, dates and
 * numbers by theirs, lists by what they hold, everything else for being the same.
 */
export const ATTRIBUTE_OPERATORS = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt', 'in', 'not_in'] as const;

type AttributeOperator = (typeof ATTRIBUTE_OPERATORS)[number];

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  level: ['informational', 'low', 'medium', 'high', 'critical'],
  status: ['unsupported', 'deprecated', 'experimental', 'test', 'stable'],
};

/** @param name of the attribute, by which levels and statuses are known */
export function compareAttribute(actual: unknown, name: string, operator: AttributeOperator, wanted: unknown): boolean {
  if (actual === undefined || actual === null) return false;
  if (Array.isArray(actual)) {
    if (operator === 'in') return actual.some((one) => isSame(one, wanted));
    return operator === 'not_in' ? !actual.some((one) => isSame(one, wanted)) : operator === 'ne';
  }
  if (operator === 'eq') return isSame(actual, wanted);
  if (operator === 'ne') return !isSame(actual, wanted);
  const difference = order(actual, wanted, name);
  if (difference === undefined) return false;
  switch (operator) {
    case 'gte':
      return difference >= 0;
    case 'gt':
      return difference > 0;
    case 'lte':
      return difference <= 0;
    case 'lt':
      return difference < 0;
    default:
      return false;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (isScalar(a) && isScalar(b) && String(a) === String(b));
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function order(actual: unknown, wanted: unknown, name: string): number | undefined {
  const order = ORDERS[name];
  if (order !== undefined) {
    const [a, b] = [actual, wanted].map((one) => order.indexOf(String(one).toLowerCase())) as [number, number];
    return a === -1 || b === -1 ? undefined : a - b;
  }
  const dates = [actual, wanted].map(day) as [string | undefined, string | undefined];
  if (dates[0] !== undefined && dates[1] !== undefined) return dates[0] < dates[1] ? -1 : Number(dates[0] > dates[1]);
  const difference = Number(actual) - Number(wanted);
  return Number.isNaN(difference) || typeof actual === 'boolean' ? undefined : difference;
}

/** `2025-08-01`; older rules write slashes. */
function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}[-/]\d\d[-/]\d\d$/.test(value) ? value.replaceAll('/', '-') : undefined;
}
