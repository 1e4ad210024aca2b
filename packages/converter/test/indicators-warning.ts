import { expect } from 'vitest';

/** The warning of every Ovis2 fixture: its `use_indicators` is as wrong as that of the published Ovis2-4B. */
export const indicatorsWarning = expect.stringContaining('"use_indicators" false') as string;
