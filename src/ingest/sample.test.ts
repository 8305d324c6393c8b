import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { materialiseSample, samplePath, shiftAuditLog } from './sample.ts';

const NOW = Date.UTC(2027, 0, 31, 12, 0, 0, 123);
const RECORDED = readFileSync(join(import.meta.dirname, '../../sample/web-07-audit.log'), 'utf8');

function times(text: string): number[] {
  return [...text.matchAll(/^node=web-07 type=\S+ msg=audit\((\d+)\.(\d{3}):/gm)].map((m) => Number(`${m[1]}${m[2]}`));
}

describe('shiftAuditLog', () => {
  it('moves the times of the heads only, by one distance, so that the last is the one asked for', () => {
    const text = [
      'type=SYSCALL msg=audit(1795360297.996:458): arch=c000003e',
      'node=a type=EXECVE msg=audit(1795360298.004:459): argc=2 a0="echo" a1="type=X msg=audit(1795360297.996:458):"',
      'no record at all (1795360297.996:458)',
    ].join('\n');
    expect(shiftAuditLog(text, { endAt: 1_800_000_000_000 })).toBe(
      [
        'type=SYSCALL msg=audit(1799999999.992:458): arch=c000003e',
        'node=a type=EXECVE msg=audit(1800000000.000:459): argc=2 a0="echo" a1="type=X msg=audit(1795360297.996:458):"',
        'no record at all (1795360297.996:458)',
      ].join('\n'),
    );
  });

  it('keeps distances, order and lengths of the capture, and can be undone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 9e12 }), (endAt) => {
        const moved = shiftAuditLog(RECORDED, { endAt });
        expect(moved.length).toBe(RECORDED.length);
        expect(Math.max(...times(moved))).toBe(endAt);
        expect(shiftAuditLog(moved, { endAt: Math.max(...times(RECORDED)) })).toBe(RECORDED);
      }),
      { numRuns: 10 },
    );
  });

  it('leaves text without records alone', () => {
    expect(shiftAuditLog('hello\n', { endAt: NOW })).toBe('hello\n');
  });
});

describe('materialiseSample', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-sample-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes the capture end now, once', () => {
    const path = materialiseSample(folder, NOW);
    expect(path).toBe(samplePath(folder));
    const made = readFileSync(path, 'utf8');
    expect(Math.max(...times(made))).toBe(NOW);
    expect(materialiseSample(folder, NOW + 60_000)).toBe(path);
    expect(readFileSync(path, 'utf8')).toBe(made);
    expect(readdirSync(dirname(path))).toHaveLength(1);
  });

  it('is not misled by what a crash left', () => {
    const path = materialiseSample(folder, NOW);
    const made = readFileSync(path, 'utf8');
    rmSync(path);
    writeFileSync(`${path}.unfinished`, 'half of it');
    expect(existsSync(path)).toBe(false);
    materialiseSample(folder, NOW);
    expect(readFileSync(path, 'utf8')).toBe(made);
  });
});

describe('the recorded capture', () => {
  it('names no private path and no other host', () => {
    const decoded = RECORDED.replace(/\b[0-9A-F]{8,}\b/g, (hex) => Buffer.from(hex, 'hex').toString('latin1'));
    expect(decoded).not.toMatch(/\/root|\/work|\/home\/(?!ada)|pyenv/);
    expect(RECORDED.split('\n').filter((line) => line !== '' && !line.startsWith('node=web-07 '))).toEqual([]);
    expect(RECORDED.length).toBeLessThan(400_000);
  });
});
