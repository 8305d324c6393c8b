import { bundledRules, type LoadedRules, loadRules } from '../rule/load.ts';

/** The rules at the paths a person named, or the bundled ones where none are named. */
export function loadChosenRules(paths: readonly string[] | undefined): Promise<LoadedRules> {
  return paths === undefined || paths.length === 0 ? bundledRules() : loadRules(paths);
}
