#!/usr/bin/env node
/**
 * The entry: plain JavaScript, so that it can say what is wrong on an old Node, and turn the compile cache on before
 * anything else is loaded. In a clone the TypeScript runs as it is, or, where no line of it has changed since, what
 * `tools/bundle.mjs` made of it (VEDETTE_SOURCES=1 does without); in a package what `prepack` made of it.
 */
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = 24;
const source = new URL('../src/cli/main.ts', import.meta.url);
const isClone = existsSync(source);

if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED) {
  const advice = isClone ? 'Run ./vedette, which brings its own.' : 'Install it from https://nodejs.org.';
  console.error(`vedette needs Node ${NODE_NEEDED} or newer; this is ${process.version}. ${advice}`);
  process.exitCode = 1;
} else {
  // Not Node's default, which lies in the temporary folder that all users share.
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(cache, 'vedette', 'compile'));
  const folder = new URL(await folderToRun(), import.meta.url).href;
  shortenWays(folder);
  const { main } = await import(new URL(`cli/main${endingIn(folder)}`, folder).href);
  process.exitCode = await main(process.argv.slice(2));
}

async function folderToRun() {
  if (!isClone) return '../dist/';
  const bundle = new URL('../bundle/', import.meta.url);
  if (process.env.VEDETTE_SOURCES !== undefined || !existsSync(bundle)) return '../src/';
  const { isAsMade } = await import('../tools/source-stamps.mjs');
  return isAsMade(fileURLToPath(new URL('..', import.meta.url)), fileURLToPath(bundle)) ? '../bundle/' : '../src/';
}

function endingIn(folder) {
  return folder.endsWith('/src/') ? '.ts' : '.js';
}

/**
 * Our own files name each other by path and ending, so there is nothing to look for: Node would ask the file system of
 * each whether it is a folder, a link or part of another package, which takes a third of the start.
 */
function shortenWays(own) {
  const format = endingIn(own) === '.ts' ? 'module-typescript' : 'module';
  module.registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('node:')) return { url: specifier, format: 'builtin', shortCircuit: true };
      if (!specifier.startsWith('.') || context.parentURL?.startsWith(own) !== true) return next(specifier, context);
      return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true };
    },
  });
}
