import { describe, expect, it } from 'vitest';
import { isTimestamp, timeOf } from '../../events/timestamp.ts';

describe('a time', () => {
  it.each([
    ['2026-11-25T14:05:00Z', '2026-11-25T14:05:00.000Z'],
    ['2026-11-25T14:05:00.123456789Z', '2026-11-25T14:05:00.123Z'],
    ['2026-11-25T14:05:00+02:00', '2026-11-25T12:05:00.000Z'],
    ['2026-11-25T14:05Z', '2026-11-25T14:05:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('%s is read', (text, same) => {
    expect(timeOf(text)).toBe(Date.parse(same));
  });

  it.each([
    ['2026-02-39T00:00:00Z', 'no month has 39 days'],
    ['2026-02-30T00:00:00Z', 'February has 28'],
    ['2026-02-29T00:00:00Z', 'but in leap years'],
    ['2100-02-29T00:00:00Z', 'of which 2100 is none'],
    ['2026-04-31T00:00:00Z', 'April has 30'],
    ['2026-11-31T00:00:00Z', 'and November'],
    ['2026-13-01T00:00:00Z', 'a year has twelve months'],
    ['2026-00-01T00:00:00Z', 'and none before the first'],
    ['2026-01-00T00:00:00Z', 'nor a day before the first'],
    ['2026-01-01T24:00:00Z', 'a day ends at 23:59'],
    ['2026-01-01T00:60:00Z', 'an hour likewise'],
    ['2026-01-01T00:00:60Z', 'a leap second has no place in a Date'],
    ['2026-01-01T00:00:00+24:00', 'no offset is a day'],
    ['0000-01-01T00:00:00Z', 'Protobuf begins with year 1'],
    ['2026-01-01T00:00:00', 'without an offset it is the server’s own'],
    ['2026-01-01', 'a day is no time'],
    ['+275760-09-13T00:00:00Z', 'a year has four digits'],
    ['hello 1', 'which Date.parse takes for 2001'],
    ['', 'nothing is none'],
  ])('%s is none: %s', (text) => {
    expect(timeOf(text)).toBeUndefined();
    expect(isTimestamp(text)).toBe(false);
  });

  it('every day of the calendar is one, and no other', () => {
    for (const year of [1900, 2000, 2026, 2028])
      for (let month = 1; month <= 12; month++)
        for (let day = 1; day <= 31; day++) {
          const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
          expect({ date, is: timeOf(`${date}T00:00:00Z`) !== undefined }).toEqual({ date, is: exists });
        }
  });

  it('of a message has its seconds', () => {
    expect(isTimestamp('2026-11-25T14:05Z')).toBe(false);
    expect(isTimestamp('2026-11-25T14:05:00Z')).toBe(true);
    expect(isTimestamp(7)).toBe(false);
  });
});
