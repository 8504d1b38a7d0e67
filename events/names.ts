/**
 * Which strings can be names of the objects that events speak of. Loops rather than regular expressions: every
 * entry passes here, and a hostile one may be long.
 * Source: Kubernetes "Object Names and IDs" (RFC 1123), Compute "Naming resources" (RFC 1035).
 */

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isAlphanumeric = (code: number): boolean => isDigit(code) || isLower(code);

const dash = 45;
const dot = 46;
const colon = 58;

const consistsOf = (name: string, longest: number, isInner: (code: number) => boolean): boolean => {
  const last = name.length - 1;
  if (last < 0 || last >= longest) return false;
  if (!isAlphanumeric(name.charCodeAt(0)) || !isAlphanumeric(name.charCodeAt(last))) return false;
  for (let at = 1; at < last; at++) if (!isInner(name.charCodeAt(at))) return false;
  return true;
};

const labelCharacter = (code: number): boolean => isAlphanumeric(code) || code === dash;
const subdomainCharacter = (code: number): boolean => labelCharacter(code) || code === dot;
const projectCharacter = (code: number): boolean => subdomainCharacter(code) || code === colon;

/** A Namespace. */
export const isDnsLabel = (name: string): boolean => consistsOf(name, 63, labelCharacter);

/** A Pod, Node, Gateway, GKEIPRoute, Network. */
export const isDnsSubdomain = (name: string): boolean => consistsOf(name, 253, subdomainCharacter);

/** A Compute resource, zone, region, or the name of a cluster. */
export const isComputeName = (name: string): boolean =>
  isLower(name.charCodeAt(0)) && consistsOf(name, 63, labelCharacter);

/** A project id; with a colon in projects of a domain (`example.com:my-project`). */
export const isProject = (name: string): boolean => consistsOf(name, 128, projectCharacter);
