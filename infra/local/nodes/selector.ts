import { selects as selectsLabels } from '../../../functions/persistent-ip/selector.ts';
import type { LabelSelector } from './objects.ts';

/** A metav1.LabelSelector: all of its requirements; an empty one selects everything, an absent one nothing. */
export const selects = (
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean => selector !== undefined && selectsLabels(selector, labels);
