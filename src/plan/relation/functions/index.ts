/** Functions of plans over tables, by Kusto's names. */
export { AGGREGATE_FUNCTIONS } from './aggregates.ts';
export { SCALAR_FUNCTIONS } from './scalars.ts';
