import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = (folder: string): string => join(folder, 'pid');

/** Notes this process as the one that the folder is of. */
export const takeFolder = (folder: string): void => writeFileSync(file(folder), String(process.pid));

/**
 * The other process that the folder is of and that still runs: nobody may take it away from the terminals that use it.
 * @returns undefined where there is none; a folder that a killed process left behind is nobody's
 */
export const ownerOf = (folder: string): number | undefined => {
  let pid: number;
  try {
    pid = Number(readFileSync(file(folder), 'utf8'));
  } catch {
    return undefined;
  }
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // Another user's process runs, but takes no signal from us.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
};
