/**
 * The harmless reasons for a Python web server that hunting pages tell of, as exceptions to choose.
 */
import type { ExceptionScenario } from './draft.ts';

export const EXCEPTION_SCENARIOS: readonly ExceptionScenario[] = [];
