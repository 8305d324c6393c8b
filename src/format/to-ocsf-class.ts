/**
 * Which class and activity of OCSF 1.5 (schema.ocsf.io) an event in ECS is written as.
 *
 * The first of `event.category` that has a class here decides; an event without one is a Base Event.
 */
export interface OcsfActivity {
  readonly classUid: number;
  readonly className: string;
  readonly categoryUid: number;
  readonly categoryName: string;
  readonly activityId: number;
  /** The schema's caption; the event's own word where the schema has none (`Other`). */
  readonly activityName: string;
}

type Class = Pick<OcsfActivity, 'classUid' | 'className' | 'categoryUid' | 'categoryName'> & {
  /** By `event.type`; what stands first counts first. */
  readonly activities: readonly (readonly [type: string, id: number, caption: string])[];
};

export const PROCESS_ACTIVITY = 1007;
export const FILE_ACTIVITY = 1001;
export const NETWORK_ACTIVITY = 4001;
export const AUTHENTICATION = 3002;

const BASE_EVENT: Class = {
  classUid: 0,
  className: 'Base Event',
  categoryUid: 0,
  categoryName: 'Uncategorized',
  activities: [],
};

const CLASSES: ReadonlyMap<string, Class> = new Map([
  [
    'process',
    {
      classUid: PROCESS_ACTIVITY,
      className: 'Process Activity',
      categoryUid: 1,
      categoryName: 'System Activity',
      activities: [
        ['start', 1, 'Launch'],
        ['end', 2, 'Terminate'],
        ['access', 3, 'Open'],
      ],
    },
  ],
  [
    'file',
    {
      classUid: FILE_ACTIVITY,
      className: 'File System Activity',
      categoryUid: 1,
      categoryName: 'System Activity',
      activities: [
        ['creation', 1, 'Create'],
        ['deletion', 4, 'Delete'],
        ['change', 3, 'Update'],
        ['access', 2, 'Read'],
      ],
    },
  ],
  [
    'network',
    {
      classUid: NETWORK_ACTIVITY,
      className: 'Network Activity',
      categoryUid: 4,
      categoryName: 'Network Activity',
      activities: [
        ['denied', 5, 'Refuse'],
        ['end', 2, 'Close'],
        ['start', 1, 'Open'],
      ],
    },
  ],
  [
    'authentication',
    {
      classUid: AUTHENTICATION,
      className: 'Authentication',
      categoryUid: 3,
      categoryName: 'Identity & Access Management',
      activities: [
        ['start', 1, 'Logon'],
        ['end', 2, 'Logoff'],
      ],
    },
  ],
]);

const UNKNOWN = [0, 'Unknown'] as const;
const OTHER = 99;

export function ocsfActivity(
  categories: readonly string[],
  types: readonly string[],
  actions: readonly string[],
): OcsfActivity {
  const found = categories.find((category) => CLASSES.has(category));
  const { activities, ...of } = CLASSES.get(found ?? '') ?? BASE_EVENT;
  const known = activities.find(([type]) => types.includes(type));
  const own = actions[0] ?? types[0];
  const [activityId, activityName] = known?.slice(1) ?? (own === undefined ? UNKNOWN : [OTHER, own]);
  return { ...of, activityId: Number(activityId), activityName: String(activityName) };
}
