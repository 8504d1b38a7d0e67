import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApi } from '../../../functions/openapi.ts';
import type { Answer, Knock } from '../deployed.ts';

type Described = {
  readonly content?: { readonly 'application/json'?: { readonly schema: { readonly $ref: string } } };
};
interface Operation {
  readonly responses?: Readonly<Record<string, Described>>;
}

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'inventory', components: openApi.components });

const paths = Object.entries(
  openApi.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  operations,
}));

/** The schema of an answer: what the description has for this question, or a refusal's. */
const schemaOf = ({ method, path }: Knock, status: number): string => {
  const [pathname = ''] = path.split('?');
  const found = paths.find(({ pattern }) => pattern.test(pathname));
  const operation = found?.operations[method === 'HEAD' ? 'get' : method.toLowerCase()];
  return (
    operation?.responses?.[status]?.content?.['application/json']?.schema.$ref ??
    '#/components/schemas/Refusal'
  );
};

/** What is wrong with a JSON answer of the inventory, held against its own description. */
export const jsonFault = (knock: Knock, { status, body }: Answer): string | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'is no JSON';
  }
  if (knock.path.split('?')[0] === '/v1/openapi.json' && status === 200) return undefined;
  const schema = schemaOf(knock, status);
  const isAsDescribed = ajv.getSchema(`inventory${schema}`);
  if (isAsDescribed?.(value) === true) return undefined;
  return `is no ${schema.split('/').at(-1)}: ${ajv.errorsText(isAsDescribed?.errors)}`;
};
