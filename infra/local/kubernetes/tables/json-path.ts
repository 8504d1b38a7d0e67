import { isObject, type Json } from '../objects/object.ts';

/**
 * The JSONPath of Kubernetes, as far as printer columns may use it (client-go `util/jsonpath`):
 * `.a.b`, `['a.b']`, `.a\.b`, `[0]`, `[-1]`, `[*]`, `[?(@.type=="Ready")]`.
 */
type Step = (value: Json) => Json[];

const token =
  /\.?(?<name>(?:\\.|[^.[\]\\])+)|(?<all>\[\*\])|\[(?<index>-?\d+)\]|\['(?<quoted>[^']*)'\]|\[\?\(@\.(?<path>[^=!<>]+?)\s*(?<op>==|!=)\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^)\s]+))\s*\)\]/y;

const field =
  (name: string): Step =>
  (value) => {
    const found = isObject(value) ? value[name] : undefined;
    return found === undefined ? [] : [found];
  };

const every: Step = (value) => {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
};

const stepOf = (groups: Readonly<Record<string, string | undefined>>): Step => {
  const { name, all, index, quoted, path, op, double, single, bare } = groups;
  if (all !== undefined) return every;
  if (quoted !== undefined) return field(quoted);
  if (index !== undefined) {
    return (value) => (Array.isArray(value) ? value.slice(Number(index)).slice(0, 1) : []);
  }
  if (path !== undefined) {
    const inner = compilePath(path);
    const wanted = double ?? single ?? bare ?? '';
    const equals = (entry: Json): boolean => inner(entry).some((found) => String(found) === wanted);
    return (value) => every(value).filter((entry) => equals(entry) === (op === '=='));
  }
  return field((name ?? '').replaceAll(/\\(.)/g, '$1'));
};

/** What `path` finds in a value. A path that does not parse finds nothing, as a column then shows nothing. */
export const compilePath = (path: string): ((value: Json) => Json[]) => {
  const steps: Step[] = [];
  const text = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) return () => [];
    const end = token.lastIndex;
    // A filter compiles a path of its own, with the same expression.
    steps.push(stepOf(groups));
    token.lastIndex = end;
  }
  return (value) => steps.reduce<Json[]>((found, step) => found.flatMap(step), [value]);
};
