/**
 * Which events of a live source are looked at whole. Reading all of an event's fields costs far more than matching it
 * (half a millisecond where it was measured, on an audit log), so it must not be done for each in a rush.
 *
 * Every event of a slow source and of a short burst is looked at; in a rush ten a second, spread over it.
 */
const BURST = 20;
const REFILL_MS = 100;

export class LookBudget {
  private looks = BURST;
  private refilled = Number.NEGATIVE_INFINITY;

  /** Whether the event that came in now (epoch ms) is looked at; takes a look from the budget if it is. */
  take(now: number): boolean {
    // After a clock was set back, the time counts from there.
    const passed = now < this.refilled ? 0 : Math.floor((now - this.refilled) / REFILL_MS);
    if (now < this.refilled || this.looks + passed >= BURST) this.refilled = now;
    else this.refilled += passed * REFILL_MS;
    this.looks = Math.min(BURST, this.looks + passed);
    if (this.looks === 0) return false;
    this.looks -= 1;
    return true;
  }
}
