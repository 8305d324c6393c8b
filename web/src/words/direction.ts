/**
 * Text of events as it stands, letter after letter: characters that turn the direction of what follows (Unicode
 * Bidirectional Algorithm, explicit embeddings, overrides and isolates) are written out, as the command line does. A
 * file `cod\u{202e}fdp.exe` would read `codexe.pdf` otherwise (MITRE ATT&CK T1036.002).
 */
export function withoutTurns(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
