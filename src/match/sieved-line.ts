/**
 * A line on which rules hold, or whose event is needed: read when somebody asks for the event.
 */
import type { Event } from '../event/event.ts';
import { identityAt } from '../event/identity.ts';
import type { InputLine, Lesson, LineOutcome, SievedLine } from '../format/format.ts';
import type { ProcessNote } from '../format/process-note.ts';

export interface SievedParts {
  readonly input: InputLine;
  readonly passed: LineOutcome;
  readonly isNeeded: boolean;
  readonly note: ProcessNote | undefined;
}

/** Which rules hold of the event, told by no more of it than they look at. */
type Holding = (event: () => Event, lesson: () => Lesson | undefined) => readonly number[];

export class ReadWhenAsked implements SievedLine {
  readonly note: ProcessNote | undefined;
  readonly isNeeded: boolean;
  private readonly passed: LineOutcome;
  private readonly input: InputLine;
  private readonly read: (line: InputLine) => Event | undefined;
  private readonly view: () => Event | undefined;
  private readonly holding: Holding;
  private made: Event | undefined;
  private lesson: Lesson | undefined;

  constructor(
    { input, passed, isNeeded, note }: SievedParts,
    read: (line: InputLine) => Event | undefined,
    view: () => Event | undefined,
    holding: Holding,
  ) {
    this.input = input;
    this.passed = passed;
    this.isNeeded = isNeeded;
    this.note = note;
    this.read = read;
    this.view = view;
    this.holding = holding;
  }

  get format(): string {
    return this.passed.format;
  }

  get isUnrouted(): boolean {
    return this.passed.isUnrouted;
  }

  teach(lesson: Lesson): void {
    this.lesson = lesson;
    this.made?.enrich(lesson.teaching());
  }

  matching(): readonly number[] {
    return this.holding(
      () => this.taughtEvent(),
      () => this.lessonNow(),
    );
  }

  private lessonNow(): Lesson | undefined {
    const taught = this.made?.taughtBy;
    return taught === undefined ? this.lesson : { names: () => taught.names, teaching: () => taught };
  }

  time(): number {
    return (this.made ?? this.view() ?? this.event()).time.ms;
  }

  identity(): string {
    const { bytes: raw, origin } = this.input;
    return identityAt(this.made ?? this.view() ?? this.event(), { raw, origin });
  }

  event(): Event {
    if (this.made === undefined) {
      const event = this.read(this.input);
      if (event === undefined) throw new Error(`a line of ${this.format} that was said to be an event is none`);
      this.made = this.enriched(event);
    }
    return this.made;
  }

  /** As `event`, of which no more may be read of the line than is asked for, before the next line comes. */
  private taughtEvent(): Event {
    const view = this.made === undefined ? this.view() : undefined;
    return view === undefined ? this.event() : this.enriched(view);
  }

  private enriched(event: Event): Event {
    if (this.lesson !== undefined) event.enrich(this.lesson.teaching());
    return event;
  }
}
