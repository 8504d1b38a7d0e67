import { isDeepStrictEqual } from 'node:util';
import type { Line } from './caller.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/**
 * What ValidatePodUpdate refuses ends in a diff of two dumps of its internal types (`core.PodSpec` by its Go fields, with
 * hunks by their lines), which no client can rely on and no API describes: the text to the dump is compared, the dump is
 * not.
 */
const dump = /(allow it to be set to 1 if it was previously negative\))\n@@ -\d[\s\S]*$/;

const undumped = (value: unknown): unknown => (typeof value === 'string' ? value.replace(dump, '$1') : value);

/** Where two values differ, each as `path: embedded | real`. */
const between = (embedded: unknown, real: unknown, path: string): string[] => {
  if (isDeepStrictEqual(embedded, undumped(real))) return [];
  if (isObject(embedded) && isObject(real)) {
    const names = [...new Set([...Object.keys(embedded), ...Object.keys(real)])];
    return names.flatMap((name) =>
      between(embedded[name], real[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(embedded) && Array.isArray(real) && embedded.length === real.length)
    return embedded.flatMap((item, i) => between(item, real[i], `${path}[${i}]`));
  return [`${path}: ${shown(embedded)} | ${shown(real)}`];
};

/** A whole answer in a few words: what a refusal says, or that there is an object. */
const summary = (answer: unknown): string => {
  const { code, body } = (isObject(answer) ? answer : {}) as { code?: number; body?: Fields };
  return `${code} ${body?.kind === 'Status' ? `${String(body.reason)} ${String(body.message)}` : ''}`.trim();
};

const inAnswer = (embedded: unknown, real: unknown): string[] => {
  const differ = isObject(embedded) && isObject(real) && embedded.code !== real.code;
  return differ ? [`${summary(embedded)} | ${summary(real)}`] : between(embedded, real, '');
};

/** What two clusters answered differently, request by request: `REQUEST  embedded | real`. */
export const differences = (embedded: readonly Line[], real: readonly Line[]): string[] =>
  real.flatMap(({ request, answer }, at) =>
    inAnswer(embedded[at]?.answer, answer).map((difference) => `${at} ${request}  ${difference}`),
  );
