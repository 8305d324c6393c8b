/**
 * The object without the properties that are undefined: in a document what is not given is left out.
 */
export function given<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
