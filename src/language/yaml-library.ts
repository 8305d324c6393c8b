/**
 * The YAML library, loaded when the first text needs it: it has eighty files, and most texts are plain (`plain-yaml.ts`).
 * Required, since those who parse do not wait.
 */
import { createRequire } from 'node:module';

type YamlLibrary = typeof import('yaml');

let loaded: YamlLibrary | undefined;

export function yamlLibrary(): YamlLibrary {
  loaded ??= createRequire(import.meta.url)('yaml') as YamlLibrary;
  return loaded;
}
