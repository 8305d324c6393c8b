/**
 * A line of syslog of which is noted what is read of it, part by part (`text-parts.ts`).
 */
import type { Json } from '../event/json.ts';
import type { SyslogLine } from './syslog-line.ts';

/** Told the name of a part that is read, and its value; gives what is to be read in its place. */
export type NotePart = (part: string, value: Json) => Json;

export class NotedMessage implements SyslogLine {
  readonly isPlain: boolean;
  readonly isOfParts = true;
  private readonly line: SyslogLine;
  private readonly note: NotePart;

  constructor(line: SyslogLine, note: NotePart) {
    this.isPlain = line.isPlain === true;
    this.line = line;
    this.note = note;
  }

  get priority(): number | undefined {
    const { priority } = this.line;
    return priority === undefined ? undefined : (this.note('priority', priority) as number);
  }

  get timestamp(): string | undefined {
    return this.textOf('timestamp', this.line.timestamp);
  }

  get host(): string | undefined {
    return this.textOf('host', this.line.host);
  }

  get program(): string | undefined {
    return this.textOf('program', this.line.program);
  }

  get pid(): string | undefined {
    return this.textOf('pid', this.line.pid);
  }

  get message(): string {
    return this.textOf(this.isPlain ? 'text' : 'message', this.line.message) as string;
  }

  private textOf(part: string, text: string | undefined): string | undefined {
    return text === undefined ? undefined : String(this.note(part, text));
  }
}
