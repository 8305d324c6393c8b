/**
 * The keys of Elastic's rules, in TOML and as exported: which there are, where each goes in the rule document, and which
 * of them say something that Vedette keeps but does not follow. The names are those of Elastic's public rule schema.
 */

/** Document property → key in `[rule]`. */
export const ELASTIC_KEY = {
  id: 'rule_id',
  name: 'name',
  version: 'version',
  language: 'language',
  query: 'query',
  description: 'description',
  authors: 'author',
  license: 'license',
  references: 'references',
  tags: 'tags',
  severity: 'severity',
  riskScore: 'risk_score',
  threat: 'threat',
  indexPatterns: 'index',
  interval: 'interval',
  from: 'from',
  to: 'to',
  maxAlerts: 'max_signals',
  guide: 'note',
  falsePositives: 'false_positives',
  setup: 'setup',
  enabled: 'enabled',
} as const;

export const ELASTIC_TABLES = ['rule', 'metadata', 'transform'] as const;

/** Keys of `[rule]` that change what alerts are made, and that Vedette does not follow yet; said with every such rule. */
export const UNFOLLOWED_KEYS: Readonly<Record<string, string>> = {
  exceptions_list: 'matches that the exceptions name still alert',
};

/** Of those, the ones that let a rule match what its author took out. */
export const WIDENING_KEYS: ReadonlySet<string> = new Set(['exceptions_list']);

export const RULE_KEYS: readonly string[] = [
  ...Object.values(ELASTIC_KEY),
  ...Object.keys(UNFOLLOWED_KEYS),
  'actions',
  'alert_suppression',
  'anomaly_threshold',
  'building_block_type',
  'data_view_id',
  'event_category_override',
  'filters',
  'history_window_start',
  'investigation_fields',
  'machine_learning_job_id',
  'meta',
  'new_terms',
  'new_terms_fields',
  'related_integrations',
  'required_fields',
  'response_actions',
  'revision',
  'risk_score_mapping',
  'rule_name_override',
  'severity_mapping',
  'threat_filters',
  'threat_index',
  'threat_indicator_path',
  'threat_language',
  'threat_mapping',
  'threat_mappings',
  'threat_query',
  'threshold',
  'throttle',
  'tiebreaker_field',
  'timeline_id',
  'timeline_title',
  'timestamp_field',
  'timestamp_override',
  'timestamp_override_fallback_disabled',
  'type',
];

export const METADATA_KEYS: readonly string[] = [
  'bypass_bbr_timing',
  'comments',
  'creation_date',
  'deprecated_reason',
  'deprecation_date',
  'extended',
  'integration',
  'maturity',
  'min_stack_comments',
  'min_stack_version',
  'os_type_list',
  'promotion',
  'query_schema_validation',
  'related_endpoint_rules',
  'updated_date',
  'version',
];

/** Keys that Kibana adds to an exported rule. */
export const EXPORT_KEYS: readonly string[] = [
  'alias_purpose',
  'alias_target_id',
  'concurrent_searches',
  'created_at',
  'created_by',
  'execution_summary',
  'id',
  'immutable',
  'items_per_search',
  'namespace',
  'outcome',
  'output_index',
  'rule_source',
  'saved_id',
  'updated_at',
  'updated_by',
];
