/** One alert as the API tells it: the store's record, its rule as it is now, and why it fired. */
import type { StoredAlert } from '../store/state-store.ts';
import type { AlertDetail } from './api.ts';
import { ApiFailure } from './api-error.ts';
import type { ServerOptions } from './server-options.ts';

type DetailSources = Pick<ServerOptions, 'store' | 'rules' | 'explain'>;

/** @throws {ApiFailure} `alert-not-found`. */
export function storedAlert({ store }: Pick<ServerOptions, 'store'>, id: string): StoredAlert {
  const stored = store.alert(id);
  if (stored === undefined) throw alertNotFound(id);
  return stored;
}

/** @throws {ApiFailure} `alert-not-found`. */
export function alertDetail(sources: DetailSources, id: string): AlertDetail {
  const stored = storedAlert(sources, id);
  const { raw, ...rest } = stored;
  const rule = sources.rules().find(({ document }) => document.id === stored.alert.rule.id)?.document;
  const why = sources.explain(stored);
  return {
    ...rest,
    ...(rule === undefined ? {} : { rule }),
    ...why,
    ...(raw === undefined ? {} : { raw: new TextDecoder().decode(raw) }),
  };
}

export function alertNotFound(id: string): ApiFailure {
  return new ApiFailure('alert-not-found', `There is no alert ${JSON.stringify(id.slice(0, 80))}.`);
}
