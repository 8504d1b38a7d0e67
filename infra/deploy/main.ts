import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bundle/compile.ts';
import { terraform } from '../terraform/program.ts';
import { deploy } from './deploy.ts';

const help = `npm run deploy -- ACTION --settings FILE [--state-bucket BUCKET]

  ACTION   validate: writes the root module into dist/deploy and checks it, without state or credentials
           plan:     says what would change
           apply:    plans, and applies that plan
  FILE     the variables of infra/terraform as a JSON object (infra/deploy/example.json)
  BUCKET   bucket of Cloud Storage that keeps the state; for plan and apply`;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        settings: { type: 'string' },
        'state-bucket': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
};

const { values, positionals } = read();
const [action] = positionals;
if (values.help) {
  process.stdout.write(`${help}\n`);
} else if ((action !== 'validate' && action !== 'plan' && action !== 'apply') || !values.settings) {
  fail(`ACTION must be validate, plan or apply, and --settings a file\n\n${help}`);
} else {
  try {
    deploy({
      action,
      settings: values.settings,
      // Cloud Build hands a substitution that is empty on as an empty text.
      ...(values['state-bucket'] && { stateBucket: values['state-bucket'] }),
      folder: join(root, 'dist/deploy'),
      archive: join(root, 'dist/functions.zip'),
      terraform,
      say: (text) => process.stdout.write(text),
    });
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}
