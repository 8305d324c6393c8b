/**
 * The keys of Sentinel's analytics and hunting rules in YAML, after the schema of Microsoft's public repository of
 * them, and which of them say something that Vedette keeps but does not follow.
 */

/** Keys that have a name in the rule document. */
export const SENTINEL_TAKEN = [
  'id',
  'name',
  'description',
  'severity',
  'queryFrequency',
  'queryPeriod',
  'tactics',
  'relevantTechniques',
  'query',
  'tags',
] as const;

/** Keys that change what alerts are made, and that Vedette does not follow; said with every such rule. */
export const SENTINEL_UNFOLLOWED: Readonly<Record<string, string>> = {
  alertDetailsOverride: 'every alert has the rule’s own name, severity and tactics',
  customDetails: 'alerts show the whole event instead',
};

/** What decides that a rule is an analytics rule; a hunting query has none of them. */
export const ANALYTICS_KEYS = [
  'severity',
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
] as const;

export const SENTINEL_KEYS: readonly string[] = [
  ...SENTINEL_TAKEN,
  ...Object.keys(SENTINEL_UNFOLLOWED),
  ...ANALYTICS_KEYS,
  'description-detailed',
  'entityMappings',
  'eventGroupingSettings',
  'incidentConfiguration',
  'kind',
  'metadata',
  'requiredDataConnectors',
  'scenarios',
  'sentinelEntitiesMappings',
  'status',
  'subTechniques',
  'suppression',
  'suppressionDuration',
  'suppressionEnabled',
  'techniques',
  'version',
];
