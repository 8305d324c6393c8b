/**
 * A field of a rule in one line: what it is called, where it is looked up, and how that is known.
 */
import type { FieldResolution, FieldUse } from '../rule/field-report.ts';
import { printable, type Style } from './terminal.ts';

export const RESOLUTIONS: Readonly<Record<FieldResolution, string>> = {
  taxonomy: 'Sigma’s taxonomy',
  ecs: 'ECS',
  vendor: 'an integration',
  unresolved: 'unresolved',
};

export function fieldLine({ field, names, by, homes, resolution }: FieldUse, look: Style): string {
  const isRenamed = names !== undefined && names.join() !== homes.join();
  const renamed = isRenamed ? `${names.map(printable).join(', ')} → ` : '';
  const steps = by === undefined ? '' : look.dim(`, by ${by.map(printable).join(', ')}`);
  const target = homes.length === 1 && homes[0] === field ? look.dim('as it stands') : homes.map(printable).join(', ');
  const word =
    resolution === 'unresolved' ? look.severity('warning', RESOLUTIONS.unresolved) : look.dim(RESOLUTIONS[resolution]);
  return `  ${printable(field).padEnd(24)} ${renamed}${target}  ${word}${steps}`;
}
