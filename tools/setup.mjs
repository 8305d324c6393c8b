/**
 * Makes a clone ready to run, doing only what is missing. Runs on Node 20 with nothing installed.
 *
 *   node tools/setup.mjs        packages (and with them the Node that Vedette runs on)
 *   node tools/setup.mjs bundle the same, then the program in few files (`bundle.mjs`) where a source has changed since
 *   node tools/setup.mjs web    the same, then the web pages
 *
 * The program in few files is made with the packages; where it is not there, or older, the sources run.
 *
 * npm runs it before `start`, `test` and the like: the old Node installs, the script after it finds the new one first
 * on its path. Silent when there is nothing to do (under 0.1 s); otherwise a line a step on standard error.
 *
 * Invariants: what is done is recorded only after it was checked; two at once wait for each other (`setup-lock.mjs`);
 * a clone whose packages someone installed by hand is taken as it is when they are those of package-lock.json.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainFailure, SetupError } from './setup-failure.mjs';
import { withLock } from './setup-lock.mjs';
import { isAsMade } from './source-stamps.mjs';

const NODE_NEEDED = 24;
const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.vedette-setup.json');
const bundle = join(root, 'bundle');
const windows = process.platform === 'win32';
const bundledNode = join(modules, '.bin', windows ? 'node.cmd' : 'node');

try {
  await setUp(process.argv.includes('web'), process.argv.includes('web') || process.argv.includes('bundle'));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nSet-up did not finish: ${error.message}`);
  process.exitCode = 1;
}

async function setUp(wantsWeb, wantsBundle) {
  if (isReady(wantsWeb, wantsBundle)) {
    // The launcher asks only whether the stamp is older than the lock file.
    utimesSync(stampFile, new Date(), new Date());
    return;
  }
  await withLock(join(root, '.vedette', 'setup.lock'), async () => {
    if (!arePackagesReady()) {
      if (!arePackagesInstalled()) await installPackages();
      writeStamp({ packages: packagesHash(), node: findNode() });
    }
    if (!isBundleReady(wantsBundle)) await makeBundle();
    if (wantsWeb && !isWebReady()) {
      await buildWeb();
      writeStamp({ ...readStamp(), web: webHash() });
    }
  });
}

function isReady(wantsWeb, wantsBundle) {
  return arePackagesReady() && isBundleReady(wantsBundle) && (!wantsWeb || isWebReady());
}

// --- Packages -------------------------------------------------------------------------------------------------------

function arePackagesReady() {
  return readStamp().packages === packagesHash();
}

function packagesHash() {
  return hashOf([join(root, 'package-lock.json')]);
}

/** Whether what npm installed (its hidden lock file, written last) is what package-lock.json asks for. */
function arePackagesInstalled() {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  return Object.entries(wanted).every(([path, { version, optional, peer, link }]) => {
    if (path === '' || !path.includes('node_modules') || link) return true;
    if (installed[path] === undefined) return optional === true || peer === true;
    return installed[path].version === version;
  });
}

async function installPackages() {
  // Not `ci`: it refuses a lock file that lacks a platform's optional package, which is what npm writes where a registry
  // does not carry them all. `--no-save` leaves both files as they are.
  // A user's NODE_ENV or engine-strict must not leave out what the clone needs.
  const flags = ['--include=dev', '--include=optional', '--engine-strict=false', '--loglevel=error', '--no-progress'];
  const [program, ...before] = npmCommand();
  await step('installing packages', program, [...before, 'install', '--no-save', ...flags], root);
  if (!arePackagesInstalled()) {
    throw new SetupError(
      'npm installed other packages than package-lock.json names. Remove node_modules and try again.',
    );
  }
}

function npmCommand() {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js') && existsSync(running)) return [process.execPath, running];
  return [windows ? 'npm.cmd' : 'npm'];
}

/** The version of the Node that scripts will find: the installed one, or the machine's own where there is none. */
function findNode() {
  if (existsSync(bundledNode)) {
    const run = spawnSync(bundledNode, ['--version'], { encoding: 'utf8', shell: windows });
    const version = run.status === 0 ? run.stdout.trim() : undefined;
    if (version !== undefined && isNewEnough(version)) return version;
    // It does not run here (another C library, for example). Out of the way, so that the machine's own is found.
    if (isNewEnough(process.version)) rmSync(bundledNode);
  }
  if (isNewEnough(process.version)) return process.version;
  throw new SetupError(
    `Vedette needs Node ${NODE_NEEDED} or newer. This machine has ${process.version}, and npm has no Node for ` +
      `${process.platform}-${process.arch} that runs here. Install Node ${NODE_NEEDED} (https://nodejs.org) and try again.`,
  );
}

function isNewEnough(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1]) >= NODE_NEEDED;
}

// --- The program in few files ---------------------------------------------------------------------------------------

function isBundleReady(wantsNew) {
  if (!existsSync(join(root, 'tools', 'bundle.mjs'))) return true;
  return wantsNew ? isAsMade(root, bundle) : existsSync(bundle);
}

async function makeBundle() {
  const node = existsSync(bundledNode) ? bundledNode : process.execPath;
  try {
    await step('preparing the program', node, [join(root, 'tools', 'bundle.mjs')], root);
  } catch (error) {
    // It is as good without, only slower to start.
    if (!(error instanceof SetupError)) throw error;
  }
}

// --- Web pages ------------------------------------------------------------------------------------------------------

function isWebReady() {
  return existsSync(join(root, 'web', 'dist', 'index.html')) && readStamp().web === webHash();
}

async function buildWeb() {
  const node = existsSync(bundledNode) ? bundledNode : process.execPath;
  await step('building the web pages', node, [join(modules, 'vite', 'bin', 'vite.js'), 'build'], join(root, 'web'));
}

function webHash() {
  const web = join(root, 'web');
  const files = readdirSync(web, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !/[\\/](node_modules|dist)[\\/]/.test(path.slice(web.length)) && !/\.test\.tsx?$/.test(path));
  return hashOf([join(root, 'package-lock.json'), ...files.sort()]);
}

// --- Running, recording ---------------------------------------------------------------------------------------------

/** Runs a program quietly: its output is shown, explained, only when it fails. */
async function step(title, program, args, cwd) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  process.stderr.write(`vedette: ${title} … `);
  const ticking = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r\u001b[Kvedette: ${title} … ${seconds()} `), 1000)
    : undefined;
  const path = [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  const { code, output } = await run(program, args, { cwd, env: { ...process.env, PATH: path } });
  clearInterval(ticking);
  process.stderr.write(ticking === undefined ? `${seconds()}\n` : `\r\u001b[Kvedette: ${title} … ${seconds()}\n`);
  if (code !== 0) throw new SetupError(explainFailure(title, output));
}

function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: program.endsWith('.cmd'),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: `${program}: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function readStamp() {
  return readJson(stampFile) ?? {};
}

function writeStamp(stamp) {
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    // The name counts too, and a length, so that no two lists of files read alike.
    const bytes = readFileSync(path);
    hash.update(`${path.slice(root.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
