/**
 * What `npm pack` packs: JavaScript and declarations in `dist/`. Node strips no types under `node_modules`, so a
 * package must not hold TypeScript. The web pages are built by `setup.mjs web`.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// A file left over from a source that is gone would be packed.
rmSync(`${root}/dist`, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json', '--singleThreaded'], {
  cwd: root,
  // In one thread and with memory to spare it computes half as much.
  env: { GOGC: '400', ...process.env },
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
