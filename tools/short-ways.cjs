/**
 * Loaded before anything else in every program and thread of a step of the tests. Our own files name each other by path
 * and ending, so there is nothing to look for; without this, Node asks the file system of each of hundreds, which is a
 * third of what a thread takes to start. And what was compiled is kept while a program runs, for the next one: Node itself
 * keeps it only where one ends in peace, and those of the tests of kills, which are the most, compiled everything again.
 */
const module_ = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const own = ['src', 'test', 'tools', 'bench', 'web/src'].map(
  (name) => pathToFileURL(join(__dirname, '..', name, '/')).href,
);

// An earlier Node, which tests of the set-up may start, has no such hooks.
module_.registerHooks?.({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isOwn =
      specifier.startsWith('.') &&
      specifier.endsWith('.ts') &&
      parentURL !== undefined &&
      own.some((folder) => parentURL.startsWith(folder));
    if (!isOwn) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module-typescript', shortCircuit: true };
  },
});

// Most of it is loaded after a second, on a busy machine after several; where nothing was added this is nothing.
for (const afterMs of [1_000, 4_000, 16_000]) setTimeout(() => module_.flushCompileCache?.(), afterMs).unref();
