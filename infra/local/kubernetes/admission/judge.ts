import type { Outcome } from '../cel/program.ts';
import type { Inputs } from './expressions.ts';
import type { Policy, Validation } from './policy.ts';

/** Why a policy says no. */
export interface Denial {
  readonly message: string;
  /** Why it is no in the answer's `reason`; `Invalid` when it is not given. */
  readonly reason?: string | undefined;
  /** Which of its validations. */
  readonly index: number;
}

export interface Judgement {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
}

type Evaluate = ReturnType<Policy['expressions']['evaluator']>;

/** What a messageExpression came to, if it can be shown. */
const messageOf = (validation: Validation, evaluate: Evaluate): string => {
  const { messageExpression, message, source } = validation;
  const outcome = messageExpression === undefined ? undefined : evaluate(messageExpression);
  if (outcome?.ok === true && typeof outcome.value === 'string') {
    const text = outcome.value.trim();
    if (text !== '' && !text.includes('\n') && text.length <= 5 * 1024) return text;
  }
  return message === '' ? `failed expression: ${source}` : message;
};

const failed = (outcome: Outcome): string | undefined => (outcome.ok ? undefined : outcome.error);

/**
 * What a policy says of one write (apiserver `policy/validating/validator.go`). It is asked only if its match
 * conditions all hold; an expression that fails is a denial, unless failures are to be ignored.
 */
export const judge = (policy: Policy, inputs: Inputs, ignoreFailures: boolean): Judgement => {
  const evaluate = policy.expressions.evaluator(inputs);
  const nothing: Judgement = { denials: [], annotations: [] };
  const conditions = policy.matchConditions.map(evaluate);
  if (conditions.some((outcome) => outcome.ok && outcome.value !== true)) return nothing;
  const errors = conditions.flatMap((outcome) => failed(outcome) ?? []);
  if (errors.length > 0) {
    const message = errors.length === 1 ? errors.join() : `[${errors.join(', ')}]`;
    return ignoreFailures ? nothing : { denials: [{ message, index: 0 }], annotations: [] };
  }
  const denials: Denial[] = [];
  for (const [index, validation] of policy.validations.entries()) {
    const outcome = evaluate(validation.expression);
    if (!outcome.ok) {
      if (!ignoreFailures) denials.push({ message: outcome.error, index });
      // Nothing else is tried after one that cost too much.
      if (outcome.exceeded) return { denials: denials.slice(-1), annotations: [] };
    } else if (outcome.value !== true) {
      denials.push({ message: messageOf(validation, evaluate), reason: validation.reason, index });
    }
  }
  const annotations: { key: string; value: string }[] = [];
  for (const { key, value } of policy.auditAnnotations) {
    const outcome = evaluate(value);
    if (!outcome.ok && !ignoreFailures) denials.push({ message: outcome.error, index: 0 });
    const text = outcome.ok && typeof outcome.value === 'string' ? outcome.value.trim() : '';
    if (text !== '') annotations.push({ key, value: text.slice(0, 10 * 1024) });
  }
  return { denials, annotations };
};
