import { inject } from 'vitest';
import { Stage } from '../scenarios/stage.ts';
import { relayTo } from './relay.ts';

Stage.ground = { startMessaging: relayTo(inject('pubsubEmulator')) };
