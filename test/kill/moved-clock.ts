/**
 * Loaded into a process before its program: its clock, in every thread, is as far from the machine's as a file says.
 *
 *   node --import …/moved-clock.ts program      VEDETTE_CLOCK_FILE names the file: milliseconds to add, may be negative
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 20;

const RealDate = Date;
const file = process.env.VEDETTE_CLOCK_FILE ?? '';
let moved = 0;

function look(): void {
  const text = readFileSync(file, 'utf8');
  // Empty while it is being written.
  if (text !== '') moved = Number(text);
}

class MovedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(RealDate.now() + moved);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + moved;
  }
}

look();
setInterval(look, LOOK_MS).unref();
globalThis.Date = MovedDate as DateConstructor;
