/** Words of CEL that are no identifiers (apiserver `pkg/cel/escaping.go`). */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

export const isReserved = (name: string): boolean => reserved.has(name);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/**
 * A property's name as rules write it: `namespace` as `__namespace__`, `a-b` as `a__dash__b` (Kubernetes
 * documentation, *Escaping*). `undefined`: rules cannot name it.
 */
export const escaped = (name: string): string | undefined => {
  if (isReserved(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[-./]/g, (found) => escapes[found] ?? found);
};
