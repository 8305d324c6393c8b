/**
 * Every diagnostic code, once, with what it means. The docs page of messages is made from this table, and each code
 * has a test that triggers it. A code is `<room>-<what is wrong>`; it never changes its meaning.
 */
export const CATALOGUE = {
  'eql-syntax': 'The query does not follow EQL’s grammar.',
  'rule-attack-name': 'The rule gives an ATT&CK tactic or technique another name than MITRE does.',
  'rule-attack-parent': 'A sub-technique stands under a technique that it does not belong to.',
  'rule-attack-retired': 'MITRE has revoked or deprecated the technique.',
  'rule-attack-tactic': 'The technique does not serve the tactic that the rule lists it under.',
  'rule-attack-unknown': 'The id is no tactic or technique of ATT&CK (Enterprise).',
  'rule-deprecated': 'The rule’s author has retired it (`maturity = "deprecated"`).',
  'rule-file-empty': 'The folder holds no rule files.',
  'rule-file-not-toml': 'The file does not follow TOML’s grammar.',
  'rule-file-too-large': 'The file is larger than any rule.',
  'rule-file-unreadable': 'The file or folder does not exist, may not be read, or is not UTF-8 text.',
  'rule-findings-cut': 'The file has more findings than are shown.',
  'rule-id-duplicate': 'Another rule that is loaded already has this id.',
  'rule-index-nothing': 'The index patterns only take away, so the rule reads no event.',
  'rule-key-missing': 'A key that every rule needs is missing or empty.',
  'rule-key-unfollowed': 'The key is kept but not followed; alerts can differ from what it asks for.',
  'rule-key-unknown': 'The key is none that Elastic’s rules have.',
  'rule-language-unsupported': 'The rule’s language or type is one that Vedette does not run.',
  'rule-max-alerts-high': 'The rule allows more alerts in one run than Elastic’s limit for any rule (1,000).',
  'rule-risk-band': 'The risk score lies outside the band of the rule’s severity.',
  'rule-schedule-form': 'The interval or the window of the schedule cannot be read.',
  'rule-schedule-hole': 'The window is shorter than the interval, so events between two runs are never read.',
  'rule-schedule-tight': 'The window overlaps the run before by less than a minute, so late events are missed.',
  'rule-value-type': 'A value has another type or range than its key takes.',
  'serve-port': 'The port cannot be listened on: it is in use, or this user may not take it.',
  'store-busy': 'Another program kept the state file locked for too long.',
  'store-cannot-open': 'The data folder or the state file in it cannot be opened or made.',
  'store-damaged': 'The state file is damaged or is no database.',
  'store-failed': 'The disk reported an error while the state was read or written.',
  'store-foreign': 'The state file is a database of another program.',
  'store-full': 'The disk is full, so the state could not be written.',
  'store-locked': 'Another Vedette writes to the data folder.',
  'store-missing': 'The data folder holds no state yet.',
  'store-newer': 'The state file was written by a newer Vedette.',
  'store-older': 'The state file was written by an older Vedette and is only read here.',
  'store-read-only': 'This user may not write to the data folder.',
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof CATALOGUE;
