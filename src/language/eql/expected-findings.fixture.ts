/**
 * What the check finds in Elastic's published rules: rule id, code, how often, and why it is true. In each, a text with
 * a `*` stands in a list of `in (…)`, or behind `==`, where it is no pattern; the rule's author meant one.
 */
export const EXPECTED_FINDINGS: readonly (readonly [id: string, code: string, times: number, why: string])[] = [
  [
    'b0046934-486e-462f-9487-0d4cf9e429c6',
    'eql-wildcard-in-equals',
    1,
    'every file below folders of one beginning is meant',
  ],
  ['b84264aa-37a3-49f8-8bbc-60acbe9d4f86', 'eql-wildcard-in-equals', 1, 'the stages of a compiler are meant'],
  ['d26331be-affe-46b2-bf4e-203d0e2d364c', 'eql-wildcard-in-equals', 3, 'options with their value joined on are meant'],
  [
    '5bdad1d5-5001-4a13-ae99-fa8619500f1a',
    'eql-wildcard-in-equals',
    1,
    'the versions of python are meant, as the like before it has them',
  ],
  ['06d555e4-c8ce-4d90-90e1-ec7f66df5a6a', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['5a3d5447-31c9-409a-aed1-72f9921594fd', 'eql-wildcard-in-equals', 5, 'files of any version or build are meant'],
  ['7c2e1297-7664-42bc-af11-6d5d35220b6b', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['84755a05-78c8-4430-8681-89cd6c857d71', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['474fd20e-14cc-49c5-8160-d9ab4ba16c8b', 'eql-wildcard-in-equals', 1, 'the versions of a program are meant'],
  ['6e2355cc-c60a-4d92-a80c-e54a45ad2400', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  [
    '0f4d35e4-925e-4959-ab24-911be207ee6f',
    'eql-wildcard-in-equals',
    2,
    'every file below a folder, the versions of a program are meant',
  ],
  ['39c06367-b700-4380-848a-cab06e7afede', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['bc0fc359-68db-421e-a435-348ced7a7f92', 'eql-wildcard-in-equals', 1, 'any user id is meant'],
  ['d55abdfb-5384-402b-add4-6c401501b0c3', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['9b80cb26-9966-44b5-abbf-764fbdbc3586', 'eql-wildcard-in-equals', 1, 'every file below a folder is meant'],
  ['3838e0e3-1850-4850-a411-2e8c5ba40ba8', 'eql-wildcard-in-equals', 1, 'names of hosts under a domain are meant'],
];
