// Makes src/rule/attack-table.ts: the ids, names and tactics of MITRE ATT&CK (Enterprise) that rule checking looks up.
//
//   node tools/generate-attack.mjs <attack-enterprise.json>
//
// The argument is a digest of MITRE's STIX bundle: {source, tactics: [{id, name, shortname}], techniques: [{id, name,
// tactics: [shortname], revoked?, deprecated?}]}. Descriptions are left out: only what a check needs is committed.
import { readFileSync, writeFileSync } from 'node:fs';

const [input] = process.argv.slice(2);
if (input === undefined) {
  console.error('usage: node tools/generate-attack.mjs <attack-enterprise.json>');
  process.exit(2);
}
const digest = JSON.parse(readFileSync(input, 'utf8'));
const snapshot = /\d{4}-\d{2}-\d{2}/.exec(digest.source)[0];
const tacticIds = new Map(digest.tactics.map((tactic) => [tactic.shortname, tactic.id]));

const tactics = digest.tactics.map((tactic) => `${tactic.id}\t${tactic.name}`).sort();
const techniques = digest.techniques
  .map((technique) => {
    const state = technique.revoked ? 'revoked' : technique.deprecated ? 'deprecated' : '';
    const under = technique.tactics.map((name) => tacticIds.get(name)).sort();
    return [technique.id, technique.name, under.join(','), state].join('\t').trimEnd();
  })
  .sort();

const rows = (lines) => {
  const text = lines.join('\n');
  if (/[`\\$]/.test(text)) throw new Error('a name holds a character that a template literal would change');
  return text;
};

writeFileSync(
  new URL('../src/rule/attack-table.ts', import.meta.url),
  `/**
 * Ids, names and tactics of MITRE ATT&CK (Enterprise), made by \`tools/generate-attack.mjs\`; do not edit by hand.
 *
 * © ${snapshot.slice(0, 4)} The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE
 * Corporation. ATT&CK is a registered trademark of The MITRE Corporation.
 * Terms of use: https://attack.mitre.org/resources/legal-and-branding/terms-of-use/
 */
export const ATTACK_SNAPSHOT = '${snapshot}';

/** A line a tactic: id, name (tab separated). */
export const TACTIC_ROWS = \`
${rows(tactics)}
\`;

/** A line a technique: id, name, tactic ids (comma separated), \`revoked\` or \`deprecated\` where it no longer stands. */
export const TECHNIQUE_ROWS = \`
${rows(techniques)}
\`;
`,
);
console.log(`${tactics.length} tactics, ${techniques.length} techniques of ${snapshot}`);
