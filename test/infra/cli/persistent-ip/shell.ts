import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCloud } from '../../../../infra/local/cloud.ts';
import { writeDotLocal } from '../../../../infra/local/dot-local.ts';

/** A second terminal on a local cloud, after `source .local/env`. */
export interface Shell {
  /** What `.local` is here. */
  readonly folder: string;
  /** The variables that the command line reads. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

export const openShell = async (cloud: LocalCloud): Promise<Shell> => {
  const folder = mkdtempSync(join(tmpdir(), 'persistent-ip-'));
  const local = await writeDotLocal(cloud, folder);
  const lines = readFileSync(local.env, 'utf8').matchAll(/^export (PERSISTENT_IP_\w+)='([^']*)'$/gm);
  return {
    folder,
    env: Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value])),
    close: () => {
      local.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
