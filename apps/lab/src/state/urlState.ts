import { canonicalJson, GgdlnError, type Json } from '@ggdln/core';
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import type { LabState } from './labState.ts';
import { plainState } from './plainState.ts';

/** Links begin with it; the number is the version of their format. */
const PREFIX = '#run=';
const FORMAT = '1';
/** Characters of a link that are read at all. */
const LONGEST_LINK = 65_536;
/** Characters of the text that a link may unpack to. */
export const LONGEST_TEXT = 262_144;

/** A state that came with a link. */
export interface LinkedState {
  readonly state: LabState;
  /** Version of ggdln that made the link. */
  readonly version: string;
  /** What was left out and why, for people. */
  readonly notes: readonly string[];
}

/**
 * The fragment of a link to a state: `#run=1.` and the state as canonical JSON, deflated, in base64url. Equal states
 * of one version give equal links.
 * @param version Of ggdln, so that whoever opens it can tell.
 * @throws GGDLN_INPUT for a state that makes a link longer than `readLink` accepts.
 */
export function writeLink(state: LabState, version: string): string {
  const text = canonicalJson({ ...(state as unknown as { [key: string]: Json }), version });
  const link = `${PREFIX}${FORMAT}.${toBase64Url(deflateSync(strToU8(text), { level: 9 }))}`;
  if (link.length <= LONGEST_LINK && text.length <= LONGEST_TEXT) return link;
  throw new GgdlnError({
    code: 'GGDLN_INPUT',
    where: 'the link',
    problem: `this experiment makes a link of ${link.length} characters; at most ${LONGEST_LINK} can be shared`,
    remedy: 'Export the experiment file instead',
  });
}

/** Whether a fragment claims to be a state, as others are routes, e.g. `#gallery`. */
export function isLink(hash: string): boolean {
  return hash.startsWith(PREFIX);
}

/**
 * Reads a fragment that `isLink`. It is data from anyone: lengths and depths are limited, only plain state is taken,
 * and plugins that a spec names are left out, so that a link never loads code.
 * @throws GGDLN_CONFIG saying what is wrong with it.
 */
export function readLink(hash: string): LinkedState {
  if (hash.length > LONGEST_LINK) {
    throw refused(`it has ${hash.length} characters, more than ${LONGEST_LINK}`, 'Ask for the experiment file instead');
  }
  const [format, payload = ''] = hash.slice(PREFIX.length).split('.');
  if (format !== FORMAT) {
    throw refused(
      `its format is "${format.slice(0, 12)}", and this page reads format ${FORMAT}`,
      'Open it with the release of the lab that made it',
    );
  }
  const { version, ...state } = plainState(parse(inflate(fromBase64Url(payload))), refused);
  return { ...withoutPlugins(state), version };
}

function refused(problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_CONFIG', where: 'the link', problem: `it can't be opened: ${problem}`, remedy });
}

const DAMAGED = 'Copy the whole link again';

function withoutPlugins(state: LabState): Omit<LinkedState, 'version'> {
  const { plugins, ...spec } = state.spec;
  if (plugins === undefined || (Array.isArray(plugins) && plugins.length === 0)) {
    return { state: { ...state, spec }, notes: [] };
  }
  const note = `The link names plugins (${JSON.stringify(plugins).slice(0, 120)}); a link never loads code, so they were left out.`;
  return { state: { ...state, spec }, notes: [note] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('it is damaged: it holds no readable state', DAMAGED);
  }
}

/** Unpacks piece by piece, so that a small link can't unpack to more than the limit. */
function inflate(bytes: Uint8Array): string {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const unpacker = new Inflate((piece, last) => {
    length += piece.length;
    ended ||= last;
    if (length <= LONGEST_TEXT) pieces.push(piece);
  });
  try {
    for (let at = 0; at < bytes.length && length <= LONGEST_TEXT; at += 512) {
      unpacker.push(bytes.subarray(at, at + 512), at + 512 >= bytes.length);
    }
  } catch {
    throw refused('it is damaged: it does not unpack', DAMAGED);
  }
  if (length > LONGEST_TEXT) {
    throw refused(`it unpacks to more than ${LONGEST_TEXT} characters`, 'Ask for the experiment file instead');
  }
  if (!ended) throw refused('it is damaged: its end is missing', DAMAGED);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return strFromU8(whole);
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw refused('it is damaged: it has characters that no link has', DAMAGED);
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0));
  } catch {
    throw refused('it is damaged: its end is missing', DAMAGED);
  }
}
