/**
 * Takes the sample out of a data folder: by the service that has the folder open, or, where none runs, directly.
 */
import { hasEvents, openEventStore } from '../store/open-event-store.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { StoreError } from '../store/store-error.ts';
import { forgetSample } from './sample-input.ts';
import { readServiceAddress } from './service-address.ts';

/** Gives the number of alerts removed. @throws {StoreError} in words. */
export async function removeSample(dataFolder: string): Promise<number> {
  try {
    const store = openStateStore(dataFolder);
    try {
      await removeSampleEvents(dataFolder);
      return forgetSample(dataFolder, store);
    } finally {
      store.close();
    }
  } catch (error) {
    const address =
      error instanceof StoreError && error.code === 'store-locked' ? readServiceAddress(dataFolder) : undefined;
    if (address === undefined) throw error;
    return askService(address);
  }
}

/** Only where events were stored. */
async function removeSampleEvents(dataFolder: string): Promise<void> {
  if (!hasEvents(dataFolder)) return;
  const { store } = await openEventStore(dataFolder);
  try {
    await store.removeSample();
  } finally {
    await store.close();
  }
}

async function askService(address: string): Promise<number> {
  const response = await fetch(new URL('/api/sample', address), {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const answer = (await response.json()) as { removed?: number; error?: { message: string } };
  if (answer.removed === undefined)
    throw new Error(answer.error?.message ?? `The service answered ${response.status}.`);
  return answer.removed;
}
