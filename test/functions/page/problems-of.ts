import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: { 'no-trailing-whitespace': 'off', 'void-style': 'off' },
  }),
);

/** What is wrong with a page as HTML, and for who reads it by ear. */
export const problemsOf = async (page: string): Promise<readonly string[]> =>
  (await validator.validateString(page)).results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
