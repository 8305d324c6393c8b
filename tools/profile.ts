/**
 * Where a command spends its time: `npm run profile -- scan /var/log/audit` runs it under V8's sampling profiler and
 * prints the functions with the most time of their own. The profile stays in `.vedette/profile`, for Chromium's
 * developer tools (Performance, load profile) or `speedscope`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.vedette', 'profile');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const profiling = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
const command = [...profiling, join(root, 'bin', 'vedette.js'), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, command, { stdio: ['inherit', 'ignore', 'inherit'] });
for (const file of globSync('*.cpuprofile', { cwd: folder })) printProfile(join(folder, file));
process.exitCode = status ?? 1;

/** One for each thread. */
function printProfile(path: string): void {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const own = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    const place = places.get(id) ?? '(unknown)';
    own.set(place, (own.get(place) ?? 0) + delta);
    total += delta;
  });
  console.log(`\n${path}: ${(total / 1e6).toFixed(2)} s`);
  const top = [...own].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  for (const [place, time] of top) {
    console.log(
      `${(time / 1e3).toFixed(0).padStart(8)} ms ${((100 * time) / total).toFixed(1).padStart(5)} %  ${place}`,
    );
  }
}

function placeOf(frame: CpuProfile['nodes'][number]['callFrame']): string {
  const name = frame.functionName || '(anonymous)';
  const file = frame.url.replace(/^file:\/\//, '').replace(root, '');
  return file === '' ? name : `${name}  ${file}:${frame.lineNumber + 1}`;
}
