import type { LabelSelector } from '../../../../functions/persistent-ip/objects.ts';

/** The model's own reading of texts and selectors, bit by bit and label by label. */

export interface Block {
  /** Addresses as numbers, both included. */
  first: number;
  last: number;
}

/** The four octets as one number; `undefined` when the text is no IPv4 address as Go's parser takes it. */
export const ipNumber = (text: string): number | undefined => {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let number = 0;
  for (const octet of octets) {
    if (!/^[0-9]+$/.test(octet)) return undefined;
    if (octet.length > 1 && octet.startsWith('0')) return undefined;
    if (Number(octet) > 255) return undefined;
    number = number * 256 + Number(octet);
  }
  return number;
};

/** An IPv4 block, host bits masked away as Go's `net.ParseCIDR` does. */
export const readBlock = (text: string): Block | undefined => {
  const parts = text.split('/');
  if (parts.length !== 2) return undefined;
  const [address, bits] = parts as [string, string];
  const number = ipNumber(address);
  if (number === undefined) return undefined;
  if (!/^(0|[1-9][0-9]?)$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = number - (number % size);
  return { first, last: first + size - 1 };
};

export const inBlock = (block: Block, ip: string): boolean => {
  const number = ipNumber(ip);
  return number !== undefined && number >= block.first && number <= block.last;
};

export const blocksOverlap = (a: Block, b: Block): boolean => {
  if (a.first >= b.first && a.first <= b.last) return true;
  if (b.first >= a.first && b.first <= a.last) return true;
  return false;
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/, *Syntax and character set*. */
const isLabelValue = (text: string): boolean =>
  text === '' || (text.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text));
const isLabelKey = (text: string): boolean => {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  if (name === '' || !isLabelValue(name) || parts.length > 1) return false;
  const [prefix] = parts;
  return (
    prefix === undefined ||
    (prefix.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(prefix) && !prefix.includes('..'))
  );
};

export const isEmpty = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

export const isParsable = (selector: LabelSelector): boolean => {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (!isLabelKey(key) || !isLabelValue(value)) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (!isLabelKey(key)) return false;
    if (!values.every(isLabelValue)) return false;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) return false;
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) return false;
    } else return false;
  }
  return true;
};

export const selectsLabels = (selector: LabelSelector, labels: Record<string, string>): boolean => {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key];
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
};
