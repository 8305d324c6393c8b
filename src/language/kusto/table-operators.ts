/** The operators that may stand behind a pipe, in the order in which they are offered; of two words where they begin so. */
export const TABLE_OPERATORS: readonly string[] = [
  ...['where', 'extend', 'project', 'summarize', 'join', 'sort by', 'top', 'take', 'count', 'distinct', 'union'],
  ...['project-away', 'project-rename', 'project-reorder', 'project-keep', 'lookup', 'mv-expand', 'mv-apply', 'parse'],
  ...['parse-where', 'parse-kv', 'make-series', 'serialize', 'partition', 'evaluate', 'invoke', 'as', 'render', 'scan'],
  ...['top-nested', 'limit', 'order by', 'getschema', 'sample', 'search'],
];
