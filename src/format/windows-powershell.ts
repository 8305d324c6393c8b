/**
 * PowerShell's events as ECS: 4103 (modules), 4104 (script blocks), 4105 and 4106 of `PowerShell/Operational`, and 400,
 * 403, 600 and 800 of the classic `Windows PowerShell`.
 *
 * Model: Elastic's `windows.powershell` and `windows.powershell_operational`. What they take apart is read from
 * `ContextInfo` or, of classic events, from the last unnamed value: lines of `Name = value`.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { Derivation } from './derivation.ts';
import { asInteger, asText, distinct } from './json-fields.ts';
import { splitWindowsArguments } from './windows-arguments.ts';
import { windowsDerivation as derive, nameData, numberData, sameData } from './windows-derivation.ts';
import { dataText, pathParts, splitAccount, type WindowsRecord } from './windows-record.ts';

/** A line of the context by its names, spaces left out (`Host Application`, `HostApplication`). */
const context = (field: string, ...names: string[]): Derivation<WindowsRecord> => ({
  ...derive(field, 'compute', 'EventData.ContextInfo EventData.Data', (record) => contextText(record, ...names)),
  lineOf: (record) => ({
    of: isClassic(record) ? CLASSIC_CONTEXT : CONTEXT,
    names,
    orWhole: names.map((name) => `EventData.${name}`),
  }),
});

/** Where the context may stand. */
const CONTEXT = ['EventData.ContextInfo'];
const CLASSIC_CONTEXT = [...CONTEXT, 'EventData.param2', 'EventData.param3', 'RenderingInfo.Message'];

export const POWERSHELL: readonly Derivation<WindowsRecord>[] = [
  derive('event.category', 'constant', '', () => ['process']),
  derive('event.type', 'compute', 'System.EventID', ({ code }) => [TYPES.get(code) ?? 'info']),
  derive('event.action', 'same', 'RenderingInfo.Task', (record) => record.names.task),
  derive('event.sequence', 'number', 'EventData.ContextInfo', (record) =>
    asInteger(contextText(record, 'SequenceNumber')),
  ),
  context('process.entity_id', 'HostID'),
  context('process.command_line', 'HostApplication'),
  context('process.title', 'HostName'),
  derive('process.args', 'compute', 'EventData.ContextInfo', hostArguments),
  derive('process.args_count', 'compute', 'EventData.ContextInfo', (record) => hostArguments(record)?.length),
  derive('user.id', 'same', 'System.Security', (record) => record.user.identifier),
  derive('user.name', 'compute', 'EventData.ContextInfo', (record) => account(record).name),
  derive('user.domain', 'compute', 'EventData.ContextInfo', (record) => account(record).domain),
  derive('related.user', 'compute', 'EventData.ContextInfo', (record) => distinct([account(record).name])),

  numberData('powershell.sequence', 'MessageNumber'),
  numberData('powershell.total', 'MessageTotal'),
  context('powershell.id', 'ShellID'),
  context('powershell.engine.version', 'EngineVersion'),
  context('powershell.engine.new_state', 'NewEngineState'),
  context('powershell.engine.previous_state', 'PreviousEngineState'),
  context('powershell.provider.name', 'ProviderName'),
  context('powershell.provider.new_state', 'NewProviderState'),
  context('powershell.pipeline_id', 'PipelineID', 'PipelineId'),
  context('powershell.runspace_id', 'RunspaceID', 'RunspaceId'),
  context('powershell.process.executable_version', 'HostVersion'),
  context('powershell.command.value', 'CommandLine'),
  context('powershell.command.path', 'CommandPath'),
  context('powershell.command.name', 'CommandName'),
  context('powershell.command.type', 'CommandType'),
  derive('powershell.command.invocation_details', 'compute', 'EventData.Payload', invocationDetails),
  derive('powershell.file.script_block_id', 'same', 'EventData.ScriptBlockId', (record) =>
    dataText(record, 'ScriptBlockId'),
  ),
  sameData('powershell.file.script_block_text', 'ScriptBlockText'),
  sameData('file.path', 'Path ScriptName'),
  nameData('file.name', 'Path ScriptName'),
  derive('file.directory', 'compute', 'EventData.Path', (record) => scriptParts(record).directory),
  derive('file.extension', 'compute', 'EventData.Path', (record) => scriptParts(record).extension),
];

const [SPACE, DELETE] = [0x20, 0x7f];

const TYPES: ReadonlyMap<string, string> = new Map([
  ['400', 'start'],
  ['403', 'end'],
  ['4105', 'start'],
  ['4106', 'end'],
]);

/** The lines of the context. */
function contextOf(record: WindowsRecord): string {
  const info = dataText(record, 'ContextInfo');
  if (info !== undefined) return info;
  if (!isClassic(record)) return '';
  const named = ['param2', 'param3'].map((name) => dataText(record, name) ?? '');
  return named.some((one) => one.includes('=')) ? named.join('\n') : (record.message ?? '');
}

function isClassic({ channel }: WindowsRecord): boolean {
  return channel === 'Windows PowerShell';
}

/** The value of the context's line of that name. Where a name stands twice, the first that says something counts. */
function lineIn(context: string, name: string): string | undefined {
  let equals = context.indexOf('=');
  for (let at = 0; equals !== -1; ) {
    const next = context.indexOf('\n', at);
    const end = next === -1 ? context.length : next;
    if (equals < end) {
      const value = isNamed(context, at, equals, name) ? context.slice(equals + 1, end).trim() : '';
      if (value !== '') return value;
      equals = context.indexOf('=', end);
    }
    at = end + 1;
  }
  return undefined;
}

/** Whether the name stands there, with white space around it or spaces within. */
function isNamed(context: string, start: number, end: number, name: string): boolean {
  let told = 0;
  for (let at = start; at < end; at += 1) {
    const code = context.charCodeAt(at);
    if (code === SPACE) continue;
    if (code === name.charCodeAt(told)) told += 1;
    else return (code < SPACE || code >= DELETE) && context.slice(start, end).replaceAll(' ', '').trim() === name;
  }
  return told === name.length;
}

function contextText(record: WindowsRecord, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = lineIn(contextOf(record), name) ?? dataText(record, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function hostArguments(record: WindowsRecord): readonly string[] | undefined {
  const line = contextText(record, 'HostApplication');
  return line === undefined ? undefined : splitWindowsArguments(line);
}

/** Of a remote session, who is connected. */
function account(record: WindowsRecord): { readonly domain?: string; readonly name?: string } {
  const text = contextText(record, 'ConnectedUser', 'User', 'UserId');
  return text?.includes('\\') ? splitAccount(text) : {};
}

function scriptParts(record: WindowsRecord): ReturnType<typeof pathParts> {
  return pathParts(dataText(record, 'Path', 'ScriptName'));
}

/** `ParameterBinding(Get-Item): name="Path"; value="x"`, a line each. */
function invocationDetails(record: WindowsRecord): readonly Json[] | undefined {
  const payload = asText(record.code === '4103' ? dataText(record, 'Payload') : undefined);
  if (payload === undefined) return undefined;
  const details: JsonObject[] = [];
  for (const raw of payload.split('\n').slice(0, MAX_DETAILS)) {
    const line = raw.trim();
    if (line === '') continue;
    const [, type, command, value] = /^([A-Za-z]+)\(([^)]*)\):\s*(.*)$/.exec(line) ?? [];
    if (type === undefined || command === undefined || value === undefined) {
      details.push({ value: line });
      continue;
    }
    const [, name, bound] = (type === 'ParameterBinding' && /^name=(.+?);\s*value=(.*)$/.exec(value)) || [];
    details.push({
      type,
      related_command: command,
      ...(name === undefined ? {} : { name }),
      value: bound ?? value,
    });
  }
  return details.length === 0 ? undefined : details;
}

/** More bindings than any command has; the payload itself is in `winlog.event_data`. */
const MAX_DETAILS = 1000;
