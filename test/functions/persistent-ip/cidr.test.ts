import { describe, expect, it } from 'vitest';
import { contains, ipText, overlaps, parseCidr, parseIp } from '../../../functions/persistent-ip/cidr.ts';

const block = (text: string) => {
  const parsed = parseCidr(text);
  if (typeof parsed === 'string') throw new Error(`${text}: ${parsed}`);
  return parsed;
};

describe('a CIDR is what Go’s net.ParseCIDR takes', () => {
  it.each(['34.1.2.3/32', '0.0.0.0/0', '255.255.255.255/32', '203.0.113.0/28'])('%s is one', (text) => {
    expect(block(text).text).toBe(text);
  });

  it.each([
    '34.1.2.3',
    '34.1.2/24',
    '34.1.2.3/33',
    '34.1.2.3/-1',
    '34.1.2.3/032',
    '34.01.2.3/32',
    '34.1.2.256/32',
    '34.1.2.3/32/1',
    ' 34.1.2.3/32',
    '0x22.1.2.3/32',
    'my-address',
    '',
    '/32',
  ])('"%s" is none', (text) => {
    expect(parseCidr(text)).toBe('not-a-cidr');
  });

  it('IPv6 is told apart, so that the message can say so', () => {
    expect(parseCidr('2001:db8::/64')).toBe('ipv6');
  });

  it('a block with host bits is its network', () => {
    expect(block('203.0.113.7/28').text).toBe('203.0.113.0/28');
  });
});

it('overlap is containment, either way', () => {
  expect(overlaps(block('203.0.113.0/28'), block('203.0.113.15/32'))).toBe(true);
  expect(overlaps(block('203.0.113.15/32'), block('203.0.113.0/28'))).toBe(true);
  expect(overlaps(block('203.0.113.0/28'), block('203.0.113.16/32'))).toBe(false);
});

it('an address above 127.0.0.0 stays positive', () => {
  expect(parseIp('203.0.113.7')).toBe(3405803783);
  expect(ipText(3405803783)).toBe('203.0.113.7');
  expect(contains(block('203.0.113.0/24'), 3405803783)).toBe(true);
});
