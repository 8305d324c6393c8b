import type { FormatSettings } from '../src/format/format.ts';

/** How events of all lanes are read. */
export const SETTINGS: FormatSettings = { standsInForEndpoint: true, now: Date.now, hostName: 'bench' };
