/** The JSON Schema (2020-12) of the file of configuration, for editors. */
import type { Option } from './option.ts';
import { GROUPS, OPTION_NAMES, optionOf, placeOf } from './options.ts';

type Schema = Readonly<Record<string, unknown>>;

export function configSchema(): Schema {
  const root: Record<string, Schema> = {};
  const groups = new Map<string, Record<string, Schema>>();
  for (const name of OPTION_NAMES) {
    const [group, key] = placeOf(name);
    if (group === undefined) {
      root[key] = optionSchema(optionOf(name));
      continue;
    }
    const keys = groups.get(group) ?? {};
    keys[key] = optionSchema(optionOf(name));
    groups.set(group, keys);
    root[group] = closed(GROUPS[group], keys);
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Vedette’s configuration (vedette.yml)',
    ...closed(undefined, root),
  };
}

/** A key without a value is as if it were not there, so null is taken everywhere. */
function closed(description: string | undefined, properties: Readonly<Record<string, Schema>>): Schema {
  return {
    ...(description === undefined ? {} : { description }),
    type: ['object', 'null'],
    additionalProperties: false,
    properties,
  };
}

function optionSchema(option: Option): Schema {
  const { about, otherwise } = option;
  const description = otherwise === undefined ? about : `${about} Default: ${otherwise}.`;
  return {
    description,
    ...valueSchema(option),
    ...(option.default === undefined ? {} : { default: option.default }),
  };
}

function valueSchema(option: Option): Schema {
  switch (option.kind) {
    case 'count':
      return { type: ['integer', 'null'], minimum: option.least, maximum: option.most };
    case 'switch':
      return { type: ['boolean', 'null'] };
    case 'choice':
      return { enum: [...option.of, null] };
    case 'paths':
    case 'names':
      return { type: ['string', 'array', 'null'], items: { type: 'string' } };
    default:
      return { type: ['string', 'null'], minLength: 1 };
  }
}
