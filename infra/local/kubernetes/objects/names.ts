/** The forms of names, and what is said of one that has not its form (apimachinery `pkg/util/validation`). */
export const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
export const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
export const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with a text, if anything. */
export type Faults = (text: string) => string[];

/** Names of a form and a length. */
export const limited =
  (form: RegExp, rule: string, most: number): Faults =>
  (text) => [
    ...(text.length > most ? [`must be no more than ${most} characters`] : []),
    ...(form.test(text) ? [] : [rule]),
  ];

/** A prefix of a name may end in a dash: something will follow. */
export const ofPrefix =
  (faults: Faults): Faults =>
  (text) =>
    faults(text.replace(/(?<=.)-$/, 'a'));

export const labelFaults = limited(label, labelRule, 63);
export const subdomainFaults = limited(subdomain, subdomainRule, 253);
export const labelValueFaults = limited(labelValue, valueRule, 63);

/** Keys of labels: a name, and before a slash perhaps a domain. */
export const qualifiedNameFaults: Faults = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${keyRule.replace('name part ', '')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? '';
  const before = parts.length === 2 ? (parts[0] ?? '') : undefined;
  return [
    ...(before === '' ? ['prefix part must be non-empty'] : []),
    ...(before ? subdomainFaults(before).map((why) => `prefix part ${why}`) : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 characters'] : []),
    ...(qualifiedName.test(name) ? [] : [keyRule]),
  ];
};
