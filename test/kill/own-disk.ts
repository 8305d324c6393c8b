/**
 * A disk of its own for a test: a file system in a file, mounted where nobody else sees it (a mount namespace), so that it
 * can be filled, and turned read-only under a running process as Linux does after an error.
 *
 *   openDisk ──▶ holder (unshare -m, mount) ◀──nsenter── whatever runs on the disk
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class OwnDisk {
  /** Where it is mounted, for those inside. */
  readonly path: string;
  /** What runs a program inside: put before it. */
  readonly inside: readonly string[];
  private readonly folder: string;
  private readonly holder: ChildProcess;

  private constructor(folder: string, holder: ChildProcess) {
    this.folder = folder;
    this.holder = holder;
    this.path = join(folder, 'disk');
    this.inside = ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, '--'];
  }

  /** Nothing where that is not allowed, or its programs are missing. */
  static async open(megabytes: number): Promise<OwnDisk | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-disk-'));
    const script = `cd "$1" && mkdir disk && truncate -s ${megabytes}M image && mkfs.ext4 -q -O ^has_journal -m 0 image &&
      mount -o loop image disk && echo mounted && exec cat`;
    const holder = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', folder], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const isMounted = await new Promise<boolean>((resolve) => {
      holder.once('error', () => resolve(false));
      holder.once('exit', () => resolve(false));
      holder.stdout?.once('data', () => resolve(true));
    });
    if (isMounted) return new OwnDisk(folder, holder);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }

  /** Takes what space is left. */
  async fill(): Promise<void> {
    await this.run('sh', '-c', 'cat /dev/zero > "$1/filler" 2>/dev/null || true', 'sh', this.path);
  }

  async free(): Promise<void> {
    await this.run('rm', join(this.path, 'filler'));
  }

  /** Nothing can be written any more, not even through files that are open. */
  async fail(): Promise<void> {
    await this.run('mount', '-o', 'remount,abort', this.path);
  }

  /** After a failure, when nobody has a file open. */
  async repair(): Promise<void> {
    await this.run('umount', this.path);
    await this.run('mount', '-o', 'loop', join(this.folder, 'image'), this.path);
  }

  /** Ends with everything that was mounted. */
  async close(): Promise<void> {
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(...command: readonly string[]): Promise<void> {
    const [program = '', ...args] = [...this.inside, ...command];
    await run(program, args);
  }
}
