import type { Format } from './output.ts';
import { type Ask, askerOf } from './reader.ts';
import { readSettings, type Settings, settingsVariable } from './settings.ts';
import type { Surroundings } from './surroundings.ts';

/** The options that every command takes. */
export interface CommonOptions {
  readonly output: Format;
  readonly settings?: string;
  readonly inventory?: string;
  readonly direct?: boolean;
  readonly cluster?: string;
  readonly namespace?: string;
}

/** What one run of a command works with. */
export interface Session {
  readonly around: Surroundings;
  readonly options: CommonOptions;
  readonly settings: Settings;
  /** Made when first needed, so that a command that asks nothing needs no deployment. */
  readonly ask: () => Ask;
}

export const openSession = (around: Surroundings, options: CommonOptions): Session => {
  const settings = readSettings(options.settings ?? around.env[settingsVariable]);
  return { around, options, settings, ask: () => askerOf(around, settings, options) };
};
