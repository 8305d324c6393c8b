/** Plan → Kusto over Microsoft Defender XDR's advanced hunting tables. */
import type { Span } from '../diagnostic/span.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import {
  DEVICE_FILE_EVENTS,
  DEVICE_IMAGE_LOAD_EVENTS,
  DEVICE_NETWORK_EVENTS,
  DEVICE_PROCESS_EVENTS,
  type DefenderTable,
} from '../vocabulary/defender-tables.ts';
import { sigmaLogSource } from '../vocabulary/sigma-log-sources.ts';
import { emitKql, type KqlEmission, type KqlSettings } from './kql.ts';
import { columnsOf, type KqlSource, kqlSource } from './kql-source.ts';

const SOURCES: readonly KqlSource[] = [
  source('process_creation', DEVICE_PROCESS_EVENTS, 'ProcessCreated'),
  source('file_event', DEVICE_FILE_EVENTS, 'FileCreated'),
  source('file_delete', DEVICE_FILE_EVENTS, 'FileDeleted'),
  source('file_rename', DEVICE_FILE_EVENTS, 'FileRenamed'),
  source('file_change', DEVICE_FILE_EVENTS, 'FileModified'),
  source('image_load', DEVICE_IMAGE_LOAD_EVENTS),
  source('network_connection', DEVICE_NETWORK_EVENTS),
];

/** @param action the table's own word for such events, where it holds others too */
function source(category: string, { name, columns }: DefenderTable, action?: string): KqlSource {
  const asked = action !== undefined && action !== 'ProcessCreated';
  const constant = action === undefined ? '' : `ActionType =${action}`;
  return kqlSource({
    names: [name],
    columns: columnsOf({ ...columns, string: `${columns.string}\n${constant}` }),
    stands: sigmaLogSource({ category }, NO_SPAN).predicate,
    conditions: asked ? [`ActionType == "${action}"`] : [],
  });
}

export function emitKqlXdr(predicate: Predicate, span: Span, settings: KqlSettings): KqlEmission {
  return emitKql(predicate, span, settings, { name: 'Defender XDR', sources: SOURCES });
}
