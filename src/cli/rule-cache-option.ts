/**
 * Where commands keep what came of rules for the next time: beside compiled code, in the place that the XDG base directory
 * specification names. `--no-cache` does without.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { RuleChanges } from '../engine/chosen-rules.ts';

export interface RuleCacheFlags {
  readonly cache?: boolean;
}

export function addRuleCacheOption(command: Command): Command {
  return command.option('--no-cache', 'read all rules anew, and keep nothing for the next time');
}

export function ruleCacheOf({ cache }: RuleCacheFlags): Pick<RuleChanges, 'ruleCache'> {
  if (cache === false) return {};
  return { ruleCache: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vedette', 'rules') };
}
