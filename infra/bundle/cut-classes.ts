/**
 * The generated classes of the Kubernetes client with their constructors and the methods that are called, and nothing else
 * of them. A class there is one method after the other, at one depth of indentation: the generator's own form, which is
 * checked. A method stands there twice, plainly and `WithHttpInfo`.
 * @param methods names of the methods that are called, of whatever class
 * @throws Error when the text has another form
 */
export const cutClasses = (source: string, methods: ReadonlySet<string>): string => {
  const kept: string[] = [];
  let inside: 'class' | 'kept' | 'left out' | undefined;
  for (const line of source.split('\n')) {
    if (inside === undefined) {
      kept.push(line);
      if (/^(?:export )?class .*\{$/.test(line)) inside = 'class';
    } else if (inside !== 'class') {
      if (inside === 'kept') kept.push(line);
      if (line === '    }') inside = 'class';
    } else if (line === '}') {
      kept.push(line);
      inside = undefined;
    } else {
      const name = /^ {4}(?:async )?(\w+)\(.*\) \{$/.exec(line)?.[1];
      if (name === undefined) {
        if (!/^ {4}(?:\/\*\*| \*)|^$/.test(line))
          throw new Error(`not the form of a generated class: ${line}`);
        continue;
      }
      inside = name === 'constructor' || methods.has(name.replace(/WithHttpInfo$/, '')) ? 'kept' : 'left out';
      if (inside === 'kept') kept.push(line);
    }
  }
  return kept.join('\n');
};
