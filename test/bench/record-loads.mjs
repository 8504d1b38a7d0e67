import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Preloaded into a function: writes down every module that is loaded. */
registerHooks({
  load: (url, context, next) => {
    appendFileSync(process.env.RECORD_LOADS, `${url}\n`);
    return next(url, context);
  },
});
