// The messages between a page and the server: those of y-protocols, and two more (ACK, STATUS).
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { encodeAwarenessUpdate } from "y-protocols/awareness";

export const SYNC = 0;
const PRESENCE = 1;
export const ACK = 100;
export const STATUS = 101;
export const STEP_1 = 0;
export const STEP_2 = 1;

/** Return `{ step, data }` of a sync message, or null for any other message. */
export function readSyncFrame(frame) {
  const decoder = decoding.createDecoder(new Uint8Array(frame));
  if (decoding.readVarUint(decoder) !== SYNC) return null;
  return readSync(decoder);
}

/** Return the same from a decoder that has read the type of the message. */
export function readSync(decoder) {
  const step = decoding.readVarUint(decoder);
  return { step, data: decoding.readVarUint8Array(decoder) };
}

export const isPresence = (frame) => new Uint8Array(frame)[0] === PRESENCE;

/** Encode the presence of this page only. */
export function presenceFrame(awareness) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, PRESENCE);
  encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
  return encoding.toUint8Array(encoder);
}

/** A sync message with these bytes. */
export function syncFrame(step, data) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, data);
  return encoding.toUint8Array(encoder);
}

/** Encode frames as the body of a request, each preceded by its length. */
export function joinFrames(frames) {
  const encoder = encoding.createEncoder();
  for (const frame of frames) encoding.writeVarUint8Array(encoder, frame);
  return encoding.toUint8Array(encoder);
}

export function splitFrames(body) {
  const decoder = decoding.createDecoder(new Uint8Array(body));
  const frames = [];
  while (decoding.hasContent(decoder)) frames.push(decoding.readVarUint8Array(decoder));
  return frames;
}
