/**
 * An experiment, which is not deployed: drops a kubelet's status patch without parsing it, when its text has none of the words
 * that a patch must have to matter. `undefined`: parse it. A text with an escape is parsed, because `\u0052eady` is `Ready`
 * as well. What it gives up: a malformed entry, or one of a cluster that is not configured, is dropped without a word.
 */
export const dropsByWords = (text: string): true | undefined => {
  if (!text.includes('"methodName":"io.k8s.core.v1.pods.status.patch"')) return undefined;
  if (text.includes('\\')) return undefined;
  for (const word of ['"podIP"', '"Succeeded"', '"Failed"']) if (text.includes(word)) return undefined;
  for (let at = text.indexOf('"type":"Ready"'); at >= 0; at = text.indexOf('"type":"Ready"', at + 1)) {
    const from = text.lastIndexOf('{', at);
    const to = text.indexOf('}', at);
    const status = text.indexOf('"status"', from);
    if (to < 0 || (status >= 0 && status < to)) return undefined;
  }
  return true;
};
