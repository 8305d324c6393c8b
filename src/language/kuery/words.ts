/** The words and operators of Kibana's query language with what they do: what completion and hover tell. */
export const WORDS: ReadonlyMap<string, string> = new Map([
  ['and', 'Both conditions hold.'],
  ['or', 'One of the conditions holds.'],
  ['not', 'The condition does not hold; so it is true where the field is missing.'],
  [':', 'Some value of the field is this one; with * a pattern, * alone any value.'],
  ['>', 'Some value of the field is greater.'],
  ['>=', 'Some value of the field is greater, or equal.'],
  ['<', 'Some value of the field is less.'],
  ['<=', 'Some value of the field is less, or equal.'],
  ['*', 'Any characters; alone any value.'],
]);
