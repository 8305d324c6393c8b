/**
 * Files that lie among rules and test them, told from rules by their name, or by a look at what SigmaHQ calls
 * `info.yml`.
 */
/** How names of tests in Vedette's own form end. */
const OWN_ENDING = /\.test\.ya?ml$/i;
/** What SigmaHQ calls the description of a regression test. */
const INFO_NAME = /(?:^|[\\/])info\.yml$/i;
/** What only the description of a regression test has, at the root. */
const REGRESSION_KEY = /^regression_tests_info:/m;

/** What a document of tests in Vedette's own form has, and a rule has not, at the root. */
const OWN_KEY = /^(?:cases|common)[ \t]*:/m;

/** Whether a file's name says that it holds tests. */
export function isTestName(path: string): boolean {
  return OWN_ENDING.test(path);
}

/** Whether a file's name says that it may be the description of a regression test. */
export function isInfoName(path: string): boolean {
  return INFO_NAME.test(path);
}

export function isRegressionInfo(path: string, text: string): boolean {
  return isInfoName(path) && REGRESSION_KEY.test(text);
}

/** Whether a file holds tests of rules and no rule, by its name and a look at the text. */
export function isTestFile(path: string, text: string): boolean {
  return (isTestName(path) && OWN_KEY.test(text)) || isRegressionInfo(path, text);
}

/** The name without what makes it a test: `rules/a.test.yml` is beside `rules/a.…`. */
export function testedName(path: string): string {
  return path.replace(OWN_ENDING, '');
}
