/** What became of a sequence or a sample for one key, in a sentence. Steps are counted from 1. */
import type { PlacedEvent } from '../correlate/placed-event.ts';
import type { Story } from '../correlate/story.ts';
import type { SamplePlan, SequencePlan } from '../plan/plan.ts';

export function tellStory(story: Story, plan: SequencePlan | SamplePlan, span: number): string {
  const { end, events, by, next } = story;
  const seen = events.flatMap((placed) => (placed === undefined ? [] : [placed]));
  const [first] = seen;
  const step = next === undefined ? 'the next step' : `step ${next + 1}`;
  const within = ` within ${lengthOf(span)}`;
  switch (end) {
    case 'matched':
      return matchedMessage(seen, plan);
    case 'too-late':
      return plan.kind === 'sample'
        ? `The events lie further apart than ${lengthOf(span)}.`
        : `An event of ${step} came ${by && first ? lengthOf(by.time.ms - first.time.ms) : 'long'} after the first; it has to come${within}.`;
    case 'replaced':
      return 'A later event took the place of its last one, and only the latest is followed.';
    case 'until':
      return `An event of “until” ended it before ${step} came.`;
    case 'present':
      return `An event came that had to stay away: ${awayStep(plan)}.`;
    case 'waiting':
      return plan.kind === 'sample' ? `No event passed ${step}.` : `No event passed ${step}${within}.`;
    case 'out-of-order':
      return first === undefined
        ? `An event of a later step came, and none passed ${step} before it.`
        : `Out of order: an event of ${step} came before those of the steps before it, and none after them.`;
    case 'same-event':
      return 'There are too few events: each counts for one step only.';
  }
}

function matchedMessage(seen: readonly PlacedEvent[], plan: SequencePlan | SamplePlan): string {
  const times = seen.map(({ time }) => time.ms);
  const length = Math.max(...times) - Math.min(...times);
  const order = plan.kind === 'sequence' ? 'Every step, in order' : 'Every step';
  return seen.length < 2 ? 'Every step.' : `${order}, in ${lengthOf(length)}.`;
}

function awayStep({ steps }: SequencePlan | SamplePlan): string {
  const away = steps.flatMap(({ missing }, at) => (missing ? [String(at + 1)] : []));
  return away.length === 1 ? `step ${away[0]}` : `one of steps ${away.join(', ')}`;
}

/** `90,000` → `90 s`, `5,400,000` → `90 min`: as exact as it is read. */
export function lengthOf(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const minutes = ms / 60_000;
  if (minutes < 120) return `${Number(minutes.toFixed(1))} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Number(hours.toFixed(1))} h` : `${Number((hours / 24).toFixed(1))} days`;
}
