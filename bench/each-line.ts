/** The lines of a lane's bytes, without their ends. */

const NEWLINE = 10;

/** @param onLine gives false where no more are wanted */
export function eachLine(bytes: Buffer, onLine: (start: number, end: number) => unknown): void {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    if (onLine(start, end) === false) return;
    start = end + 1;
  }
  if (start < bytes.length) onLine(start, bytes.length);
}
