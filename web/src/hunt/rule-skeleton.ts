/** A rule around a query, in the form that authors of its language know: what is left to say is its name and severity. */
import type { HuntLanguage } from '../../../src/serve/hunt-api.ts';

/** @param id a UUID */
export function ruleSkeleton(language: HuntLanguage, query: string, id: string, today: string): string {
  const text = query.trim();
  if (language === 'sigma') return sigmaRule(text, id, today);
  return language === 'kusto' ? sentinelRule(text, id) : elasticRule(language, text, id, today);
}

/** Also where the page is no secure context, which `crypto.randomUUID` asks for. */
export function newRuleId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function elasticRule(language: 'eql' | 'kuery' | 'lucene', query: string, id: string, today: string): string {
  return `[metadata]
creation_date = "${today.replaceAll('-', '/')}"
maturity = "development"

[rule]
author = ["You"]
description = """
What was hunted for.
"""
from = "now-9m"
language = "${language}"
license = "Apache-2.0"
name = "From a Hunt"
risk_score = 21
rule_id = "${id}"
severity = "low"
type = "${language === 'eql' ? 'eql' : 'query'}"
query = ${tomlText(query)}
`;
}

function tomlText(query: string): string {
  return query.includes("'''") ? JSON.stringify(query) : `'''\n${query}\n'''`;
}

/** A whole rule is one already. */
function sigmaRule(text: string, id: string, today: string): string {
  if (/^title:/m.test(text)) return `${text}\n`;
  return `title: From a Hunt
id: ${id}
status: experimental
description: What was hunted for.
author: You
date: ${today}
${text}
${/^level:/m.test(text) ? '' : 'level: low\n'}`;
}

function sentinelRule(query: string, id: string): string {
  return `id: ${id}
name: From a Hunt
description: What was hunted for.
severity: Low
queryFrequency: 5m
queryPeriod: 10m
triggerOperator: gt
triggerThreshold: 0
query: |
${query.replace(/^/gm, '  ')}
version: 1.0.0
kind: Scheduled
`;
}
