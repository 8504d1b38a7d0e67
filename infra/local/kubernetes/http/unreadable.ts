import type { Target } from '../cluster.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { noVersion, unrecognized } from '../verbs/unrecognized.ts';
import { Malformed, UnknownMedia } from './body.ts';
import { protobufType } from './protobuf.ts';

/** What a request was, as far as the answer to one that cannot be read depends on it. */
interface Asked {
  readonly verb: string;
  readonly contentType: string;
  readonly target: Target | undefined;
}

const malformed = ({ message, bytes }: Malformed, { verb, contentType, target }: Asked): StatusError => {
  if (verb === 'patch') {
    if (contentType === patchTypes.strategic) return badRequest(message);
    return badRequest(`error decoding ${contentType === patchTypes.apply ? 'YAML' : 'patch'}: ${message}`);
  }
  const why = `${noVersion}${message}`;
  // The errors of this decoder have no code.
  if (verb.startsWith('delete')) return new StatusError(500, '', why);
  return unrecognized(target?.resource.kind ?? '', why, bytes);
};

/** Which patches are read depends on who decodes: custom resources know no strategic merge. */
const unknownMedia = ({ verb, target }: Asked): StatusError => {
  const custom = target?.resource.custom === true;
  if (verb !== 'patch') return unsupportedMediaType(['application/json', 'application/yaml', protobufType]);
  if (custom)
    return unsupportedMediaType(
      Object.values<string>(patchTypes).filter((type) => type !== patchTypes.strategic),
    );
  // The router of built-in kinds finds it, before any handler.
  return new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
};

/** The answer to a request whose body could not be read. */
export const unreadableAnswer = (error: Error, asked: Asked): Error => {
  if (error instanceof Malformed) return malformed(error, asked);
  return error instanceof UnknownMedia ? unknownMedia(asked) : error;
};
