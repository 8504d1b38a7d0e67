import type { Tour } from './tour.ts';
import { conflict } from './tours/conflict.ts';
import { main } from './tours/main.ts';
import { nat } from './tours/nat.ts';
import { tenants } from './tours/tenants.ts';

/** Every tour that `npm start -- --tour NAME` takes; the first is the default. */
export const tours: readonly Tour[] = [main, nat, conflict, tenants];
