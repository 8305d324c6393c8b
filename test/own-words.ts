/**
 * What a format promises of its events' words, where each is written in the line as it is (`OwnWords.isWritten`): of values that
 * are no numbers and no times.
 */
import type { OwnWords } from '../src/event/event.ts';
import type { Scalar } from '../src/event/field-path.ts';

/** Words of the values that do not stand in the JSON; and those of them that the format does not say, either. */
export function ownWords(values: Iterable<Scalar>, json: string, words: OwnWords | undefined) {
  const line = json.toLowerCase();
  const places = [line, ...(words?.isWritten === 'unquoted' ? [line.replace(/[\\"]/g, '')] : [])];
  const own: string[] = [];
  for (const value of values) {
    for (const run of runsIn(String(value), words?.joint)) {
      if (!places.some((place) => place.includes(run))) own.push(run);
    }
  }
  if (own.length === 0) return { own, unsaid: own };
  const said = [words?.fixed, ...(words?.made ?? []), words?.flow?.()].join('\n').toLowerCase();
  return { own, unsaid: own.filter((run) => !said.includes(run)) };
}

/** What JSON writes as it is, without what stands between. */
function runsIn(value: string, joint: string | undefined): readonly string[] {
  const parts = joint === undefined ? value : value.replaceAll(joint, '\n');
  const runs = parts.toLowerCase().split(/[^ !#-[\]-~]+/);
  return runs.filter((run) => run.length >= 3 && /[^-+.:0-9etz]/.test(run));
}
