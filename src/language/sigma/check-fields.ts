/**
 * Fields of a detection that nothing is known to have, and that no pipeline names otherwise. Notes, since what
 * Vedette knows of vendors' fields is no whole schema.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { ecsFieldType } from '../../event/ecs-fields.ts';
import { integrationFieldType, isOpenField } from '../../event/integration-fields.ts';
import { isInSigmaTable, sigmaField, sigmaFieldNames } from '../../vocabulary/sigma-fields.ts';
import type { Search, SearchItem, SigmaDetection } from './ast.ts';

/** Looking for near names takes time: a rule with more unknown fields is of another taxonomy altogether. */
const MOST_LOOKS = 20;

/** @param written the detection before pipelines: names that only they give are the house's own, and left alone */
export function checkFields({ searches, logSource }: SigmaDetection, written: SigmaDetection): readonly Diagnostic[] {
  const named = new Set(
    [...written.searches.values()].flatMap(({ search }) => itemsOf(search)).map(({ field }) => field),
  );
  const told = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const item of [...searches.values()].flatMap(({ search }) => itemsOf(search))) {
    const { field, span } = item;
    if (field === undefined || !named.has(field) || told.has(field) || isInSigmaTable(field, logSource)) continue;
    told.add(field);
    const homes = sigmaField(field, logSource).fields.map(({ name }) => name.replaceAll(/\[\d+\]/g, ''));
    if (homes.some((home) => ecsFieldType(home) !== undefined)) continue;
    if (homes.some((home) => integrationFieldType(home) !== undefined && !isOpenField(home))) continue;
    // Where any name may stand, only a slip of the pen is worth a word.
    const isOpen = homes.some(isOpenField);
    const near = told.size > MOST_LOOKS ? undefined : nearestName(field, sigmaFieldNames(logSource));
    if (isOpen && (near === undefined || !isSlip(field, near))) continue;
    const message = `Nothing that is read is known to have a field called ${short(field)}.`;
    const hint = near === undefined ? 'Map it with a pipeline, where your events have it.' : `Did you mean ${near}?`;
    diagnostics.push(
      diagnose('sigma-field-unknown', 'info', message, { ...span, end: span.start + field.length }, hint),
    );
  }
  return diagnostics;
}

/** Names of Windows' events are often alike (`FileName`, `PipeName`): a slip leaves the beginning alone. */
function isSlip(field: string, near: string): boolean {
  const isSameStart = field.slice(0, 4).toLowerCase() === near.slice(0, 4).toLowerCase();
  return isSameStart && Math.abs(field.length - near.length) < 2 && field.toLowerCase() !== near.toLowerCase();
}

function itemsOf(search: Search): readonly SearchItem[] {
  return search.kind === 'item' ? [search] : search.children.flatMap(itemsOf);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
