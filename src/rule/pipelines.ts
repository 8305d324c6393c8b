/**
 * Processing pipelines from paths, as one.
 *
 *   files, folders of .yml ──read, in order of name──▶ pipelines ──joined by priority──▶ options for compiling rules
 *
 * A file with a mistake is left out, and its findings say so; whoever loads rules decides whether they run without it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { diagnose } from '../diagnostic/diagnostic.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import { joinPipelines, type ReadPipeline, readPipeline } from '../language/sigma/pipeline/read-pipeline.ts';
import { type Finding, toFindings } from './finding.ts';

export interface LoadedPipelines {
  /** Absent where no file holds one. */
  readonly pipeline?: Pipeline;
  /** Of a pipeline: another where the files say something else. */
  readonly digest?: string;
  readonly findings: readonly Finding[];
}

/** The largest of pySigma's own has 40 kB. */
const LARGEST = 2 * 1024 * 1024;

/** @param paths files, and folders whose `.yml` and `.yaml` files are meant; nothing they hold makes this throw */
export async function loadPipelines(paths: readonly string[]): Promise<LoadedPipelines> {
  const pipelines: NonNullable<ReadPipeline['pipeline']>[] = [];
  const findings: Finding[] = [];
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesAt(path)) {
      const text = await textOf(file);
      if (text === undefined) {
        findings.push(unreadable(file));
        continue;
      }
      hash.update(JSON.stringify([basename(file), text]));
      const { pipeline, diagnostics } = readPipeline(text, basename(file));
      findings.push(...toFindings(diagnostics, text, file, {}));
      if (pipeline !== undefined) pipelines.push(pipeline);
    }
  }
  if (pipelines.length === 0) return { findings };
  return { pipeline: joinPipelines(pipelines), digest: hash.digest('hex'), findings };
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /\.ya?ml$/i.test(name)).sort();
    return names.map((name) => join(path, name));
  } catch {
    return [path];
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > LARGEST) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    return undefined;
  }
}

function unreadable(file: string): Finding {
  const message = `The pipeline cannot be read: it is not there, may not be read, is no UTF-8 text, or is larger than ${LARGEST / 1024 ** 2} MB.`;
  return toFindings([diagnose('rule-file-unreadable', 'error', message)], '', file, {})[0] as Finding;
}
