/**
 * What this program makes of rules, as one short text: another wherever a line of what reads and compiles them is another.
 *
 * Of a checkout under development a version number says nothing, so it is the sources themselves that are hashed (under a
 * megabyte of JavaScript or TypeScript, as it runs), with the package's file, which names the libraries, and Node.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The rooms that decide what becomes of a rule's text: `match/` for what is known of a plan without it. */
const ROOMS = ['diagnostic', 'event', 'plan', 'vocabulary', 'language', 'match', 'rule'];

let known: string | undefined;

export function compilerVersion(): string {
  known ??= hashSources();
  return known;
}

function hashSources(): string {
  const hash = createHash('sha256').update(process.version);
  hash.update(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url))));
  for (const room of ROOMS) {
    const folder = fileURLToPath(new URL(`../${room}/`, import.meta.url));
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of names.sort()) {
      if (!/(?<!\.test|\.d)\.[jt]s$/.test(name)) continue;
      hash.update(`\n${room}/${name}\n`).update(readFileSync(`${folder}${name}`));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
