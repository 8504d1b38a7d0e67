import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/**
 * Stack traces with the names and lines of our own files. Node's `--enable-source-maps` reads the maps of all code at every
 * start and knows no script that was compiled with a cache; this reads the one map when the first fault is told.
 * @param filename the file whose frames are translated; its map lies beside it
 */
export const tellSources = (filename: string): void => {
  let map: SourceMap | undefined;
  const sourceMap = (): SourceMap => {
    map ??= new SourceMap(JSON.parse(readFileSync(`${filename}.map`, 'utf8')));
    return map;
  };
  const placeOf = (frame: NodeJS.CallSite): string => {
    const text = String(frame);
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    if (frame.getFileName() !== filename || line === null || column === null) return text;
    const entry = sourceMap().findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) return text;
    return text.replace(
      `${filename}:${line}:${column}`,
      () => `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
    );
  };
  const translated = (frame: NodeJS.CallSite): string => {
    try {
      return placeOf(frame);
    } catch {
      // A map that cannot be read must not hide the fault.
      return String(frame);
    }
  };
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${translated(frame)}`)].join(
      '\n',
    );
};
