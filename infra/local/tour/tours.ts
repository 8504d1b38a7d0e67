import type { Tour } from './tour.ts';
import { byoip } from './tours/byoip.ts';
import { conflict } from './tours/conflict.ts';
import { fiveG } from './tours/five-g.ts';
import { main } from './tours/main.ts';
import { multiNetwork } from './tours/multi-network.ts';
import { nat } from './tours/nat.ts';
import { tenants } from './tours/tenants.ts';

/** Every tour that `npm start -- --tour NAME` takes; the first is the default. */
export const tours: readonly Tour[] = [main, nat, fiveG, byoip, multiNetwork, conflict, tenants];
