/**
 * Steps of the sieve of lines left out, for tests: what is found must be the same.
 *
 * A switch decides what is made when a shape, a log source or a plan is opened; nothing asks for it line by line.
 */
export interface SieveSwitches {
  /** Every rule that reads the data streams may match, whatever it says of the log source. */
  readonly withoutRoutes?: boolean;
  /** A time is a value as any other. */
  readonly withoutTimes?: boolean;
  /** The log source of a line is found out step by step, also where its members are as those of the line before. */
  readonly withoutUsualWay?: boolean;
  /** What is known of lines that are as ones before wherever it counts is found out step by step. */
  readonly withoutRecall?: boolean;
  /** Lines in a row are handed over one by one. */
  readonly withoutRuns?: boolean;
  /** Parts of texts, of syslog and Snare, are no members; or of Snare's records alone. */
  readonly withoutTextParts?: boolean;
  readonly withoutSnare?: boolean;
  /** Headers of syslog and dates of Snare's are split, also where they are written as those of lines before. */
  readonly withoutForms?: boolean;
  /** What formats write as one line of several is not looked at. */
  readonly withoutMadeLines?: boolean;
  /** Rules are asked whole, also where a field is the same in all lines of a source. */
  readonly withoutReducing?: boolean;
  /** Fields are made, where they stand in the line as they are; or where they are one line of a text in it. */
  readonly withoutCopies?: boolean;
  readonly withoutTextLines?: boolean;
  /** Fields that are numbers written in the line are made. */
  readonly withoutNumbers?: boolean;
  /** What a field needs that has to be made is taken to be met. */
  readonly withoutMade?: boolean;
  readonly withoutRefuters?: boolean;
  /** Keywords may stand in every line. */
  readonly withoutKeywordFilter?: boolean;
  /** Which keywords stand in a line is not told, but whether one may. */
  readonly withoutKeywordTexts?: boolean;
  /** Words are looked for with the table of blocks also where they are few. */
  readonly withoutFewTexts?: boolean;
  /** No value is remembered with what it meets. */
  readonly withoutMemory?: boolean;
  /** No rule is remembered with the values that it read; or only rules that need nothing of what earlier events teach. */
  readonly withoutVerdicts?: boolean;
  readonly withoutRests?: boolean;
  /** No rule that looks at what earlier events teach is told by the line alone. */
  readonly withoutToldRules?: boolean;
  /** Lines that start or end a process are read. */
  readonly withoutNotes?: boolean;
  /** Lines are parsed whole, and with care for long numbers. */
  readonly withoutViews?: boolean;
  /** Not a step, but what ends them all: everything is given up, forgotten and planned anew after a few lines. */
  readonly isHasty?: boolean;
}
