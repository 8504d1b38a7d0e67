import { appendFileSync } from 'node:fs';

/**
 * Preloaded into a function: writes down every module of the bundle that is run. In the one script of the bundle a module that is
 * not needed at once is a method by the name of its file, alone in an object; esbuild's helper asks for that name before it
 * calls the method.
 */
const namesOf = Object.getOwnPropertyNames;
Object.getOwnPropertyNames = (value) => {
  const names = namesOf(value);
  const [name = ''] = names;
  if (names.length === 1 && /^(?:node_modules\/|functions\/|events\/|door:)/.test(name))
    appendFileSync(process.env.RECORD_LOADS, `${name}\n`);
  return names;
};
