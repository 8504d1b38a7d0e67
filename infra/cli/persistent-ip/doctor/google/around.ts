import { settingsRemedy } from '../../settings.ts';
import { type Check, type Finding, unknown } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import type { Ground } from '../ground.ts';

/** What the checks of Google Cloud are made from. */
export interface Around {
  readonly ground: Ground;
  readonly google: GoogleApi;
}

/** A check, made where its subject is known. */
export const about =
  (subject: string) =>
  (name: string, look: Check['look']): Check => ({ subject, name, look });

/** What is not looked at, because the settings do not say where it is. */
export const unnamed = (what: string): Finding => unknown(`the settings name no ${what}`, settingsRemedy);
