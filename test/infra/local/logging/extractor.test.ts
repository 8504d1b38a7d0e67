import { expect, test } from 'vitest';
import { parseExtractor } from '../../../../infra/local/logging/extractor.ts';

const entry = {
  severity: 'INFO',
  jsonPayload: { action: 'move', latencyMs: 0, to: { pod: 'nat-1' }, addresses: ['34.1.2.3', '34.1.2.4'] },
};

test.each([
  ['EXTRACT(jsonPayload.action)', 'move'],
  ['EXTRACT(jsonPayload.latencyMs)', 0],
  ['EXTRACT(jsonPayload.to.pod)', 'nat-1'],
  ['EXTRACT(severity)', 'INFO'],
  ['EXTRACT(jsonPayload.latency)', undefined],
  ['EXTRACT(jsonPayload.to)', undefined],
  ['EXTRACT(jsonPayload.addresses)', undefined],
])('%s', (text, value) => {
  expect(parseExtractor(text)(entry)).toBe(value);
});

test.each([
  ['jsonPayload.action', 'is not EXTRACT(FIELD)'],
  ['REGEXP_EXTRACT(jsonPayload.action, "(.)")', 'is not EXTRACT(FIELD)'],
  ['EXTRACT(payload.action)', 'no log entry has the field "payload.action"'],
])('%s is refused', (text, words) => {
  expect(() => parseExtractor(text)).toThrow(words);
});
