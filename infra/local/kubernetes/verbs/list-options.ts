import { type Cause, forbiddenField, notSupported } from '../objects/cause.ts';
import { badRequest, invalid, notANumber } from '../objects/status.ts';

/** A whole number in a query; 0 when it is not there, or below. @throws StatusError 400 when it is none */
export const integerIn = (query: URLSearchParams, name: string): number => {
  const given = query.get(name) ?? '';
  if (given !== '' && !/^[-+]?\d+$/.test(given)) throw badRequest(`strconv.ParseInt: ${notANumber(given)}`);
  return Math.max(0, Number(given));
};

const field = 'resourceVersionMatch';

const listFaults = (query: URLSearchParams, match: string): Cause[] => {
  const causes: Cause[] = [];
  const version = query.get('resourceVersion') ?? '';
  if (match !== '') {
    if (version === '')
      causes.push(forbiddenField(field, `${field} is forbidden unless resourceVersion is provided`));
    if (query.get('continue'))
      causes.push(forbiddenField(field, `${field} is forbidden when continue is provided`));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      causes.push(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      causes.push(forbiddenField(field, `${field} "exact" is forbidden for resourceVersion "0"`));
  }
  if (query.has('sendInitialEvents'))
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return causes;
};

const watchFaults = (query: URLSearchParams, match: string): Cause[] => {
  const causes: Cause[] = [];
  const initial = query.has('sendInitialEvents');
  if (initial && match !== 'NotOlderThan')
    causes.push(forbiddenField(field, `sendInitialEvents requires setting ${field} to NotOlderThan`));
  if (match === '') return causes;
  if (!initial)
    causes.push(
      forbiddenField(field, `${field} is forbidden for watch unless sendInitialEvents is provided`),
    );
  if (match !== 'NotOlderThan') causes.push(notSupported(field, match, ['NotOlderThan']));
  if (query.get('continue'))
    causes.push(forbiddenField(field, `${field} is forbidden when continue is provided`));
  return causes;
};

/**
 * The options of a list or a watch (apimachinery `internalversion/validation`).
 * @throws StatusError 400 or 422 for those that cannot be
 */
export const refuseListOptions = (query: URLSearchParams, watch = false): void => {
  integerIn(query, 'timeoutSeconds');
  const match = query.get(field) ?? '';
  const causes = watch ? watchFaults(query, match) : listFaults(query, match);
  if (causes.length > 0)
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions', plural: 'listoptions' }, '', causes);
};
