import { afterAll } from 'vitest';
import { Stage } from '../scenarios/stage.ts';
import { startRealCluster, stopRealCluster } from './real-cluster.ts';

Stage.ground = { startCluster: startRealCluster };
afterAll(() => stopRealCluster());
