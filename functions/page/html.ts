import { html as template } from 'hono/html';

/** Markup: every value in it has been escaped. */
export type Html = ReturnType<typeof template>;

/**
 * A template of markup. What a cluster says (names, messages) is text in it: `&<>"'` are escaped, in attributes as well.
 */
export const html = template;
