import { admit, type Writer } from '../admission/admit.ts';
import type { Cluster, WriteOptions } from '../cluster.ts';
import { managerOf } from '../fields/managed-fields.ts';
import {
  type Cause,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../objects/cause.ts';
import { invalid } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';

/** The parts of a request that say how it is to be done. */
interface Asked extends Writer {
  readonly verb: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent?: string | undefined;
  readonly duplicates: readonly string[];
}

const kinds: Readonly<Record<string, string>> = { update: 'UpdateOptions', patch: 'PatchOptions' };
const fieldValidations = ['', 'Ignore', 'Strict', 'Warn'] as const;

/** The one way to try is to try all (metav1 ValidateDryRun). */
export const dryRunFaults = (dryRun: readonly unknown[]): Cause[] =>
  dryRun.every((entry) => entry === 'All') ? [] : [notSupported('dryRun', dryRun, ['All'])];

/** Who writes is named in few letters that can be printed (metav1 ValidateFieldManager). */
const managerFaults = (manager: string): Cause[] => {
  const causes: Cause[] = [];
  if (Buffer.byteLength(manager) > 128) causes.push(tooLong('fieldManager', 128));
  let position = 0;
  for (const letter of manager) {
    // unicode.IsPrint: no space but the common one.
    if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(letter)) {
      const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      const why = `invalid character U+${code} (at position ${position})`;
      causes.push(invalidValue('fieldManager', manager, why));
    }
    position += Buffer.byteLength(letter);
  }
  return causes;
};

/** What is wrong with the options (metav1 `validation.go`). Only an apply can be forced, and it must say who applies. */
const faults = ({ verb, query, contentType }: Asked, fieldValidation: string): Cause[] => {
  const causes: Cause[] = [];
  causes.push(...managerFaults(query.get('fieldManager') ?? ''));
  if (verb === 'patch') {
    const applies = contentType === patchTypes.apply;
    if (!applies && query.has('force')) {
      causes.push(forbiddenField('force', 'may not be specified for non-apply patch'));
    }
    if (applies && (query.get('fieldManager') ?? '') === '') {
      causes.push(required('fieldManager', 'is required for apply patch'));
    }
  }
  causes.push(...dryRunFaults(query.getAll('dryRun')));
  if (!(fieldValidations as readonly string[]).includes(fieldValidation)) {
    causes.push(notSupported('fieldValidation', fieldValidation, fieldValidations));
  }
  return causes;
};

/**
 * The options in a request's query; who writes is named there, or by the client's User-Agent.
 * @throws StatusError 400 or 422 for options that cannot be
 */
export const writeOptions = (cluster: Cluster, asked: Asked): WriteOptions => {
  const { verb, query, userAgent, warn, duplicates } = asked;
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const causes = faults(asked, fieldValidation);
  if (causes.length > 0) {
    const kind = kinds[verb] ?? 'CreateOptions';
    throw invalid({ group: 'meta.k8s.io', plural: '', kind }, '', causes);
  }
  return {
    force: query.get('force') === 'true',
    dryRun: query.has('dryRun'),
    fieldValidation: fieldValidation as WriteOptions['fieldValidation'],
    duplicates,
    refuse: undefined,
    warn,
    admit: (admission) => admit(cluster, admission, asked),
    manager: managerOf(query, userAgent),
  };
};
