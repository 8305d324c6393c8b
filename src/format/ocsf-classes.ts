/**
 * What an event of the Open Cybersecurity Schema Framework is in ECS, by class and activity (schema.ocsf.io).
 *
 * Classes that are not listed keep their own words under `ocsf`, and no category.
 */
interface OcsfClass {
  readonly category: readonly string[];
  /** Types by `activity_id`; `info` for any other. */
  readonly types: Readonly<Record<number, readonly string[]>>;
}

const CRUD = { 1: ['creation'], 2: ['access'], 3: ['change'], 4: ['deletion'] } as const;
const CONNECTION = {
  1: ['connection', 'start'],
  2: ['connection', 'end'],
  3: ['connection', 'end'],
  4: ['connection', 'denied'],
  5: ['connection', 'denied'],
  6: ['connection', 'info'],
} as const;

const CLASSES: Readonly<Record<number, OcsfClass>> = {
  1001: {
    category: ['file'],
    types: { ...CRUD, 5: ['change'], 6: ['change'], 7: ['change'], 8: ['access'], 9: ['access'] },
  },
  1002: { category: ['driver'], types: { 1: ['start'], 2: ['end'] } },
  1005: { category: ['library'], types: { 1: ['start'] } },
  1006: { category: ['configuration'], types: { 1: ['creation'], 2: ['change'], 3: ['deletion'] } },
  1007: {
    category: ['process'],
    types: { 1: ['start'], 2: ['end'], 3: ['access'], 4: ['change'], 5: ['change'] },
  },
  2001: { category: ['intrusion_detection'], types: {} },
  2002: { category: ['vulnerability'], types: {} },
  2004: { category: ['intrusion_detection'], types: {} },
  3001: {
    category: ['iam'],
    types: { 1: ['user', 'creation'], 2: ['user', 'change'], 3: ['user', 'change'], 6: ['user', 'deletion'] },
  },
  3002: { category: ['authentication'], types: { 1: ['start'], 2: ['end'] } },
  4001: { category: ['network'], types: CONNECTION },
  4002: { category: ['network', 'web'], types: {} },
  4003: { category: ['network'], types: { 1: ['protocol'], 2: ['protocol'], 6: ['protocol'] } },
  4005: { category: ['network'], types: CONNECTION },
  4007: { category: ['network'], types: CONNECTION },
  // The Windows extension's registry.
  201001: { category: ['registry'], types: CRUD },
  201002: { category: ['registry'], types: CRUD },
};

export function ocsfCategory(classUid: number): readonly string[] | undefined {
  return Object.hasOwn(CLASSES, classUid) ? CLASSES[classUid]?.category : undefined;
}

export function ocsfType(classUid: number, activity: number | undefined): readonly string[] | undefined {
  const one = Object.hasOwn(CLASSES, classUid) ? CLASSES[classUid] : undefined;
  return one && (one.types[activity ?? -1] ?? ['info']);
}

/** Names of IP protocols that networks are told apart by (IANA). */
export const IP_PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  58: 'ipv6-icmp',
  132: 'sctp',
};
