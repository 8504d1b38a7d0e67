import { type Refused, refused } from '../answer.ts';
import { largestManifest, tooLarge } from '../plan.ts';
import type { Content } from '../read-handler.ts';
import { type Html, html } from './html.ts';

/** What a person filled in; an empty text is nothing. */
export interface PlanForm {
  readonly manifest: string;
  readonly namespace: string;
  readonly cluster: string;
}

export const emptyForm: PlanForm = { manifest: '', namespace: '', cluster: '' };

/** Bytes: a form may write each byte of the manifest as three, `%0A`; and room for the other fields. */
const largestForm = 3 * largestManifest + 8 * 1024;

const formType = 'application/x-www-form-urlencoded';

/** What was sent, and what is wrong with it before anybody has read the manifest. */
export interface Sent {
  readonly form: PlanForm;
  readonly fault: Refused | undefined;
}

/**
 * A form as a browser sends it. What is too large for any form is not read, and so cannot be shown again. Fields of other
 * names mean nothing.
 */
export const readPlanForm = (content: Content | undefined): Sent => {
  if (content !== undefined && content.type !== formType)
    return { form: emptyForm, fault: refused(415, `the form is sent as ${formType}`) };
  const { length } = content?.bytes ?? [];
  if (length > largestForm)
    return {
      form: emptyForm,
      fault: refused(
        413,
        `the form has ${length} bytes and its manifest may have ${largestManifest}: split it. It is too large to be shown here again`,
      ),
    };
  const fields = new URLSearchParams(content?.bytes.toString());
  // A browser sends every end of a line as CR LF.
  const manifest = (fields.get('manifest') ?? '').replace(/\r\n?/g, '\n');
  const form = {
    manifest,
    namespace: (fields.get('namespace') ?? '').trim(),
    cluster: (fields.get('cluster') ?? '').trim(),
  };
  const size = Buffer.byteLength(manifest);
  if (size > largestManifest) return { form, fault: tooLarge(size) };
  if (manifest.trim() === '') return { form, fault: refused(400, 'paste a manifest, in YAML or JSON') };
  return { form, fault: undefined };
};

/**
 * The form, filled in with what was sent. The manifest has no `maxlength`: a browser would cut off what is longer without
 * a word, and the rest would be planned.
 * @param clusters names to choose from; a single one is not asked for
 * @param isFaulty whether the element of the id `fault` says what is wrong with it
 */
export const planForm = (form: PlanForm, clusters: readonly string[], isFaulty: boolean): Html => html`
<form class="plan" method="post" action="/plan" aria-label="Plan">
<label>Manifest: GKEIPRoutes and Gateways, in YAML or JSON<textarea name="manifest" id="manifest" rows="16" cols="80" spellcheck="false" autocomplete="off" required${isFaulty && html` aria-invalid="true" aria-describedby="fault"`}>
${form.manifest}</textarea></label>
<label>Namespace of what names none<input name="namespace" id="namespace" value="${form.namespace}" placeholder="default" autocomplete="off"></label>
${
  clusters.length > 1 &&
  html`<label>Cluster<select name="cluster" id="cluster">${clusters.map(
    (name) => html`<option value="${name}"${name === form.cluster && html` selected`}>${name}</option>`,
  )}</select></label>`
}
<button type="submit">Plan</button>
</form>`;
