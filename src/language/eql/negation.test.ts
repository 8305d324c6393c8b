/**
 * Negation over missing, null and multi-valued fields: most of Elastic's rules negate something, and no public suite
 * says what that means. One line a case: condition, document, what holds, and whence the expectation.
 *
 * Sources, all of Elasticsearch:
 *   field   a condition on a field is a query (term, range, wildcard), which a document passes by any of its values
 *           (ql `ExpressionTranslators.BinaryComparisons`, `Likes`, `InComparisons`)
 *   not     `not` of a query is `must_not` of it: of the whole statement (`ExpressionTranslators.Nots`)
 *   exists  `== null`, `!= null` are exists queries (`Optimizer.ReplaceNullChecks`); null and [] are not indexed
 *   script  computed conditions are scripts that try every value of each field, a missing one as null, null being false
 *           (`Scripts.multiValueDocValuesRewrite`, `InternalEqlScriptUtils.multiValueDocValues`, `nullSafeFilter`)
 *   hoist   `not` of a script is taken out of it, to negate the whole (`Scripts.docValuesRewrite`)
 *   solve   sums, differences and products of whole numbers are solved for their field, which makes a query of them
 *           (ql `SimplifyComparisonsArithmetics`)
 *   bool    comparing a condition with true or false is the condition or its `not` (`BooleanFunctionEqualsElimination`)
 *   fold    null in constants (`Predicates`, three-valued logic of the folding tests)
 *   in      nulls in a list are dropped; a list of nulls is null (ql `In`)
 *   docs    EQL syntax reference, “Check if a field exists”, “Optional fields”
 */
import { expect, test } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import { type JsonObject, parseJson } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileEql } from './eql.ts';

const CASES = `
# missing
process.name == "a"                             {}                                    no    field
not process.name == "a"                         {}                                    yes   not
process.name != "a"                             {}                                    yes   not
not process.name != "a"                         {}                                    no    not
process.name not in ("a", "b")                  {}                                    yes   not
not process.name in ("a", "b")                  {}                                    yes   not
not process.name : "a*"                         {}                                    yes   not
not process.name like "a*"                      {}                                    yes   not
not process.name regex "a.*"                    {}                                    yes   not
not process.pid > 1                             {}                                    yes   not
not (process.pid > 1 or process.pid <= 1)       {}                                    yes   not
not process.interactive                         {}                                    yes   not
process.interactive != true                     {}                                    yes   not
not cidrMatch(source.ip, "10.0.0.0/8")          {}                                    yes   not
not startsWith~(process.name, "a")              {}                                    yes   not
process.name == null                            {}                                    yes   exists
not process.name != null                        {}                                    yes   exists
?process.name != "a"                            {}                                    yes   docs
not ?no_such.field : "*"                        {}                                    yes   docs
# missing, computed
length(process.name) != 1                       {}                                    no    script
not length(process.name) == 1                   {}                                    yes   hoist
not length(process.name) != 1                   {}                                    yes   hoist
process.pid + 1 != 2                            {}                                    yes   solve
1 - process.pid != 2                            {}                                    yes   solve
-(process.pid * 2) != 4                         {}                                    yes   solve
subtract(multiply(process.pid, 2), 1) != 3      {}                                    yes   solve
process.pid * 2 != 5                            {}                                    no    script
process.pid / 2 != 5                            {}                                    no    script
process.pid % 2 != 1                            {}                                    no    script
process.pid + 1.0 != 2                          {}                                    no    script
length(process.name) + 1 != 2                   {}                                    no    script
not process.pid + 1 != 2                        {}                                    no    solve
not process.pid + 1 == 2                        {}                                    yes   hoist
concat(process.name, "x") != null               {}                                    no    script
not indexOf(process.name, "a") == null          {}                                    no    hoist
not startsWith(process.name, user.name)         {"process":{"name":"a"}}              yes   hoist
(process.pid > 1) == false                      {}                                    yes   bool
(process.pid > 1) != true                       {}                                    yes   bool
(process.pid > 1) != false                      {}                                    no    bool
# null and empty
not process.name == "a"                         {"process":{"name":null}}             yes   exists
process.name != null                            {"process":{"name":[]}}               no    exists
process.name != null                            {"process":{"name":[null]}}           no    exists
process.name != null                            {"process":{"name":""}}               yes   exists
process.name not in (null)                      {"process":{"name":"a"}}              no    in
process.name not in (null, "b")                 {"process":{"name":"a"}}              yes   in
not (process.pid > null)                        {"process":{"pid":5}}                 no    fold
not null                                        {}                                    no    fold
not (true and null)                             {}                                    no    fold
# several values
process.args != "a"                             {"process":{"args":["a","b"]}}        no    not
not process.args == "a"                         {"process":{"args":["b","c"]}}        yes   not
not process.args != "a"                         {"process":{"args":["a","b"]}}        yes   not
process.args == "a" and process.args != "b"     {"process":{"args":["a","b"]}}        no    field
process.args == "a" and process.args == "b"     {"process":{"args":["a","b"]}}        yes   field
process.args not in ("a", "x")                  {"process":{"args":["a","b"]}}        no    not
not process.args : "B*"                         {"process":{"args":["a","bc"]}}       no    not
not (process.args == "a" and process.args == "c")  {"process":{"args":["a","b"]}}     yes   not
process.args == "a"                             {"process":{"args":[null,"a"]}}       yes   field
process.pid + 1 != 2                            {"process":{"pid":[1,5]}}             no    solve
length(process.args) != 1                       {"process":{"args":["a","bb"]}}       yes   script
not length(process.args) == 1                   {"process":{"args":["a","bb"]}}       no    hoist
length(process.args) != length("a")             {"process":{"args":["a","b"]}}        no    script
substring(process.args, 0, 1) : "B"             {"process":{"args":["a","bb"]}}       yes   script
not endsWith(process.args, "b")                 {"process":{"args":["a","bb"]}}       no    not
startsWith(process.args, user.name)             {"process":{"args":["x","ab"]},"user":{"name":["b","a"]}}  yes  script
not startsWith(process.args, user.name)         {"process":{"args":["x","ab"]},"user":{"name":["b","a"]}}  no   hoist
not cidrMatch(host.ip, "10.0.0.0/8")            {"host":{"ip":["1.1.1.1","10.0.0.1"]}}  no  not
`;

const cases = CASES.split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^(.*?) {2,}(\{.*\}) +(yes|no) +(\w+)$/.exec(line)?.slice(1) as [string, string, string, string]);

test.each(cases)('%s of %s: %s (%s)', (condition, document, holds) => {
  const { plan } = compileEql(`any where ${condition}`);
  if (plan?.kind !== 'event') throw new Error('does not compile');
  const event = new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(parseJson(document) as JsonObject),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
  expect(evaluate(plan.predicate, event) ? 'yes' : 'no').toBe(holds);
});

test('there are enough of them', () => expect(cases.length).toBeGreaterThanOrEqual(40));
