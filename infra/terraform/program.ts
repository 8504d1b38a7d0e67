import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly good: boolean;
  readonly output: string;
}

/** Runs Terraform in a folder; how, is a parameter of whoever must not. */
export type Terraform = (folder: string, ...args: readonly string[]) => Ran;

/**
 * The program that `TERRAFORM` of the environment names, or `terraform`.
 * @throws Error when there is no such program
 */
export const terraform: Terraform = (folder, ...args) => {
  const program = process.env.TERRAFORM ?? 'terraform';
  const { status, stdout, stderr, error } = spawnSync(program, [`-chdir=${folder}`, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined)
    throw new Error(
      `${program} does not start: ${error.message}. Install Terraform, or name it in TERRAFORM.`,
      {
        cause: error,
      },
    );
  return { good: status === 0, output: `${stdout}${stderr}` };
};

/**
 * Validates a folder. The provider is installed first where it is not there yet and the program does not bring it along
 * (a development override does).
 */
export const validate = (run: Terraform, folder: string): Ran => {
  const got = run(folder, 'get', '-no-color');
  if (!got.good) return got;
  const first = run(folder, 'validate', '-no-color');
  if (first.good || !/Missing required provider|Inconsistent dependency lock file/.test(first.output))
    return first;
  const initialised = run(folder, 'init', '-backend=false', '-input=false', '-no-color');
  return initialised.good ? run(folder, 'validate', '-no-color') : initialised;
};
