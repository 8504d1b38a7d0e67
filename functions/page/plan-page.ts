import type { Refused } from '../answer.ts';
import { lookUpPlan, type Plan } from '../plan.ts';
import type { Content, ReadAnswer } from '../read-handler.ts';
import type { Wiring } from '../wiring.ts';
import { headersFor } from './answers.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { emptyForm, type PlanForm, planForm, readPlanForm } from './plan-form.ts';
import { planPart } from './plan-part.ts';

export const planPagePath = '/plan';

/** `GET /plan`: the empty form. */
export const showPlanForm = async (wiring: Wiring): Promise<ReadAnswer> =>
  await answer(200, planPage(wiring, emptyForm, undefined));

/**
 * `POST /plan`, the form: the same answer as `POST /v1/plan`, for people. What was pasted stands in the form again.
 *
 * There is no token against forged requests (CSRF), because there is nothing to forge: a plan reads and writes nothing, and
 * a site that makes a browser send it one cannot read the answer, nor frame it. What it can do is cause the reads of a plan, as
 * it can those of any page by a link to it.
 */
export const onPlanForm = async (wiring: Wiring, content: Content | undefined): Promise<ReadAnswer> => {
  const { form, fault } = readPlanForm(content);
  const found = fault ?? (await lookUpPlan(wiring, form.manifest, placeOf(form)));
  return await answer('refused' in found ? found.refused.code : 200, planPage(wiring, form, found));
};

const placeOf = ({ cluster, namespace }: PlanForm) => ({
  cluster: cluster || null,
  namespace: namespace || null,
});

const planPage = (wiring: Wiring, form: PlanForm, found: Plan | Refused | undefined): Html => {
  const clusters = wiring.readers().map(({ cluster: { key } }) => key.name);
  const fault = found !== undefined && 'refused' in found ? found.refused.message : undefined;
  return layout(
    'Plan – Persistent IP addresses',
    html`<h2>What would happen if I applied this</h2>
${fault !== undefined && html`<p class="notice" role="alert" id="fault">${fault}</p>`}
${found !== undefined && !('refused' in found) && planPart(found)}
<p>It is looked at as the cluster is now, and nothing is written: the same as <code>persistent-ip plan -f</code> and <code>POST /v1/plan</code>.</p>
${planForm(form, clusters, fault !== undefined)}`,
    false,
  );
};

/** A plan is of this moment, and the manifest the reader's own: nothing keeps either. */
const answer = async (status: number, page: Html): Promise<ReadAnswer> => ({
  status,
  headers: { ...headersFor('text/html'), 'cache-control': 'no-store' },
  body: String(await page),
});
