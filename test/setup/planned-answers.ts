import nock from 'nock';
import { afterAll } from 'vitest';

/**
 * A setup file: the files of project `wire` share a process, and with it Nock. What a file has planned and not cleaned up
 * would answer the first test of the next one.
 */
afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});
