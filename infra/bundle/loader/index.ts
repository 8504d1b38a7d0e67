import { join } from 'node:path';
import { functionsFile, load } from './load.ts';
import { tellSources } from './stacks.ts';

/** What the Functions Framework loads: `index.js` of the archive. The script registers the functions as it runs. */
tellSources(join(__dirname, functionsFile));
if (load(__dirname, process.env.FUNCTION_TARGET).cache === 'rejected')
  // For whoever wonders about a slow start; nothing else is the matter.
  process.stdout.write(
    `${JSON.stringify({
      severity: 'INFO',
      message: `Node ${process.version} compiles the functions anew: it does not take what the build's Node compiled`,
    })}\n`,
  );
