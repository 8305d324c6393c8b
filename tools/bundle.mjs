/**
 * Makes of a clone's sources few files of JavaScript, in `bundle/`: a scan needs some two hundred sources, and reading each
 * with its types and linking it takes longer than what it does at the start.
 *
 *   src/ ──rolldown, what is loaded later apart──▶ bundle/ ──with what it was made of──▶ bin/vedette.js
 *
 * Never older than the sources: `bin/vedette.js` runs them where one is not as it was (`source-stamps.mjs`). A module
 * that looks for files beside itself finds them as from its source, which lies as many folders deep.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { MADE_OF, stampsOf } from './source-stamps.mjs';

/** A file that is written to again within a tick of the file system's clock (FAT's is two seconds) is not told by its times. */
const SETTLED_MS = 2500;
const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const bundle = join(root, 'bundle');

/** Loaded by name, not by an import that can be followed: threads, and what is required when it is asked for. */
const sources = readdirSync(source, { recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /(?<!\.test)\.ts$/.test(name));
const entries = sources.filter((name) => /-worker\.ts$/.test(name) || ['cli/main.ts', 'rule/forms.ts'].includes(name));
/** Libraries of JavaScript that a scan loads: in a file of ours each is a look at the file system less. */
const TAKEN_IN = ['@duckdb/node-api', 'commander', 'croner', 'ipaddr.js', 're2js', 'smol-toml'];
/** Escapes, which stay, and letters, with a backslash before them that means nothing: in code they stand in texts only. */
const BEYOND_ASCII = /\\[\0-\x7f]|\\?([^\0-\x7f])/g;
const PLACE = /__placeOf\("([^"]*)"\)/g;

const before = await settledStamps();
const made = await rolldown({
  input: Object.fromEntries(entries.map((name) => [name.slice(0, -'.ts'.length), join(source, name)])),
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !TAKEN_IN.includes(id),
  plugins: [{ name: 'places', transform: markPlaces, renderChunk: writePlaces }],
});
const unfinished = `${bundle}.${process.pid}`;
try {
  const { output } = await made.write({
    dir: unfinished,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  const files = filesOf(output);
  const version = createHash('sha256');
  for (const { code = '', fileName } of output) {
    version.update(code);
    writeFileSync(join(unfinished, fileName), inAscii(code));
  }
  version.update(readFileSync(join(root, 'package.json')));
  const stamps = stampsOf(root, files);
  // Somebody writes to the sources; what was made may be of both.
  if (stamps === undefined || before !== stampsOf(root, allFiles())) throw new Error('the sources have changed');
  const told = { files, stamps, version: version.digest('hex').slice(0, 32) };
  writeFileSync(join(unfinished, MADE_OF), JSON.stringify(told));
  rmSync(bundle, { recursive: true, force: true });
  renameSync(unfinished, bundle);
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}

function allFiles() {
  return sources.map((name) => `src/${name}`);
}

async function settledStamps() {
  const written = Math.max(...allFiles().map((file) => statSync(join(root, file)).ctimeMs));
  const wait = written + SETTLED_MS - Date.now();
  if (wait > 0 && wait <= SETTLED_MS) await setTimeout(wait);
  return stampsOf(root, allFiles());
}

/** What it was made of, from the root on. */
function filesOf(output) {
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const ours = modules.filter((id) => id.startsWith(root)).map((id) => relative(root, id).replaceAll('\\', '/'));
  return [...new Set([...ours, 'package.json'])].sort();
}

function markPlaces(code, id) {
  if (!id.startsWith(source) || !code.includes('import.meta.url')) return undefined;
  const name = relative(source, id).replaceAll('\\', '/').replace(/\.ts$/, '.js');
  return { code: code.replaceAll('import.meta.url', `__placeOf("${name}")`) };
}

/** Where the module would lie in `bundle/` if it were a file of its own. */
function writePlaces(code, chunk) {
  const up = '../'.repeat(chunk.fileName.split('/').length - 1) || './';
  return code.replaceAll(PLACE, (_, name) => `new URL("${up}${name}", import.meta.url).href`);
}

/** Each thread keeps the code that it runs: with one letter beyond Latin in a file, it takes twice the memory. */
function inAscii(code) {
  return code.replaceAll(BEYOND_ASCII, (found, letter) =>
    letter === undefined ? found : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
