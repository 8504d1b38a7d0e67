import { type Environment, Optional } from '@marcbachmann/cel-js';
import {
  type Faults,
  labelFaults,
  labelValueFaults,
  limited,
  ofPrefix,
  qualifiedNameFaults,
  subdomainFaults,
} from '../../objects/names.ts';

const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dns1035Rule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const matching =
  (form: RegExp, why: string): Faults =>
  (text) =>
    form.test(text) ? [] : [why];

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const time = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/;

const dns1035Label = limited(dns1035, dns1035Rule, 63);

/** The formats that rules can name (apiserver `pkg/cel/library/format.go`). */
const formats: Readonly<Record<string, Faults>> = {
  dns1123Label: labelFaults,
  dns1123Subdomain: subdomainFaults,
  dns1035Label,
  qualifiedName: qualifiedNameFaults,
  dns1123LabelPrefix: ofPrefix(labelFaults),
  dns1123SubdomainPrefix: ofPrefix(subdomainFaults),
  dns1035LabelPrefix: ofPrefix(dns1035Label),
  labelValue: labelValueFaults,
  uri: (text) =>
    URL.canParse(text) || text.startsWith('/')
      ? []
      : [`parse ${JSON.stringify(text)}: invalid URI for request`],
  uuid: matching(
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
    'does not match the UUID format',
  ),
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64'),
  date: matching(date, 'invalid date'),
  datetime: matching(time, 'invalid datetime'),
};

/** `kubernetes.NamedFormat` of CEL. */
class Format {
  readonly name: string;
  readonly check: Faults;
  constructor(name: string, check: Faults) {
    this.name = name;
    this.check = check;
  }
}

/** The namespace of `format.dns1123Label()`. */
class Formats {}

/** `format.NAME().validate(text)`: what is wrong with it, or none. */
export const formatFunctions = (env: Environment): void => {
  env
    .registerType('kubernetes.NamedFormat', Format)
    .registerType('kubernetes.Formats', Formats)
    .registerConstant('format', 'kubernetes.Formats', new Formats())
    .registerFunction(
      'kubernetes.NamedFormat.validate(string): optional<list<string>>',
      (format: Format, text: string) => {
        const wrong = format.check(text);
        return wrong.length === 0 ? Optional.none() : Optional.of(wrong);
      },
    )
    .registerFunction(
      'kubernetes.Formats.named(string): optional<kubernetes.NamedFormat>',
      (_: Formats, name: string) => {
        const check = formats[name];
        return check === undefined ? Optional.none() : Optional.of(new Format(name, check));
      },
    );
  for (const [name, check] of Object.entries(formats)) {
    const format = new Format(name, check);
    env.registerFunction(`kubernetes.Formats.${name}(): kubernetes.NamedFormat`, () => format);
  }
};
