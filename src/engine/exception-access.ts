/**
 * The exceptions of a data folder for commands: read beside whoever writes, changed by the service that has the folder
 * open, or, where none runs, directly.
 */
import type { Exception } from '../detect/exception.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { StoreError } from '../store/store-error.ts';
import { carryOut } from './exception-change.ts';
import { ExceptionDesk } from './exception-desk.ts';
import { findEffect } from './exception-effect.ts';
import type { ExceptionEffect, ImportReport } from './exception-report.ts';
import { readList } from './list-reader.ts';
import { readServiceAddress } from './service-address.ts';

export interface Changed {
  readonly by: string;
  /** For exceptions whose list no rule refers to. */
  readonly rules?: Exception['rules'];
}

/** @throws {StoreError} in words */
export async function readExceptions<T>(dataFolder: string, read: (desk: ExceptionDesk) => Promise<T>): Promise<T> {
  return await atDesk(dataFolder, true, read);
}

/** @throws {StoreError} in words; an Error with the service's own words */
export async function importExceptions(
  dataFolder: string,
  text: string,
  { by, rules }: Changed,
): Promise<ImportReport> {
  const about = rules === undefined ? {} : { rules };
  return await atDeskOrService(
    dataFolder,
    (desk) => desk.import(text, { by, ...about }),
    (address) => ask(address, 'POST', `/api/exceptions/import?by=${encodeURIComponent(by)}`, { text, ...about }),
  );
}

/** Milliseconds that one is tried for where no service runs, which has a limit of its own. */
const PREVIEW_MS = 4_000;

/**
 * What each would remove of the stored alerts and events, one after the other. A running service is asked, which knows
 * its rules; without one, the folder is read.
 * @param rules those whose matches on stored events count where no service runs
 * @throws as `importExceptions`
 */
export async function* effectsOf(
  dataFolder: string,
  exceptions: readonly Exception[],
  rules: readonly LoadedRule[],
): AsyncIterable<ExceptionEffect> {
  const address = readServiceAddress(dataFolder);
  for (const exception of exceptions) {
    const answer = address === undefined ? undefined : await previewAt(address, exception);
    yield answer ?? (await atDesk(dataFolder, true, (desk) => desk.preview(exception, PREVIEW_MS), rules));
  }
}

/** Undefined where no service answers: it may have been killed, and its address have stayed. */
async function previewAt(address: string, exception: Exception): Promise<ExceptionEffect | undefined> {
  try {
    return await ask(address, 'POST', '/api/exceptions/preview', exception);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** False where there is none of this id. @throws as `importExceptions` */
export async function removeException(dataFolder: string, id: string, by: string): Promise<boolean> {
  return await atDeskOrService(
    dataFolder,
    (desk) => desk.remove(id, by),
    async (address) => {
      const path = `/api/exceptions/${encodeURIComponent(id)}?by=${encodeURIComponent(by)}`;
      return (
        (await ask<{ removed: true } | undefined>(address, 'DELETE', path, {}, 'exception-not-found')) !== undefined
      );
    },
  );
}

async function atDeskOrService<T>(
  dataFolder: string,
  direct: (desk: ExceptionDesk) => Promise<T>,
  asked: (address: string) => Promise<T>,
): Promise<T> {
  try {
    return await atDesk(dataFolder, false, direct);
  } catch (error) {
    const isLocked = error instanceof StoreError && error.code === 'store-locked';
    const address = isLocked ? readServiceAddress(dataFolder) : undefined;
    if (address === undefined) throw error;
    return await asked(address);
  }
}

async function atDesk<T>(
  dataFolder: string,
  readOnly: boolean,
  use: (desk: ExceptionDesk) => Promise<T>,
  rules?: readonly LoadedRule[],
): Promise<T> {
  const store = openStateStore(dataFolder, { readOnly });
  try {
    const now = () => Date.now();
    return await use(
      new ExceptionDesk({
        store: store.exceptions,
        write: async (change) => carryOut(store.exceptions, change, new Date(now()).toISOString()),
        readList,
        findEffect: (job) => findEffect({ ...job, dataFolder }),
        now,
        ...(rules === undefined ? {} : { rules: () => rules.map((rule) => ({ document: rule.document, rule })) }),
      }),
    );
  } finally {
    store.close();
  }
}

/** @param unless a code that is answered with `undefined` instead of thrown */
async function ask<T>(address: string, method: string, path: string, body: object, unless?: string): Promise<T> {
  const response = await fetch(new URL(path, address), {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { error?: { code: string; message: string; hint?: string } };
  if (response.ok) return answer as T;
  if (unless !== undefined && answer.error?.code === unless) return undefined as T;
  const message = answer.error?.message ?? `The service answered ${response.status}.`;
  throw Object.assign(new Error(message), answer.error?.hint === undefined ? {} : { hint: answer.error.hint });
}
