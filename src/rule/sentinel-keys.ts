/**
 * The keys of Sentinel's analytics and hunting rules in YAML, after the schema of Microsoft's public repository of
 * them.
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
  ...ANALYTICS_KEYS,
  'alertDetailsOverride',
  'customDetails',
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
