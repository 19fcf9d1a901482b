// Where no socket opens, the same messages are sent by HTTP requests: slower, but nothing is lost.
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { joinFrames, readSync, splitFrames, STATUS, STEP_1, STEP_2, SYNC, syncFrame } from "./frames.js";

const POLL_INTERVAL_MS = 3000;
const EDIT_DELAY_MS = 700;
const STOP_REASONS = { 400: "malformed", 401: "signed-out", 403: "forbidden", 404: "forbidden", 413: "too-large", 426: "old" };

export class Exchange {
  constructor(doc, settings, handlers) {
    this.address = `${settings.exchange}?schema=${settings.schemaVersion}`;
    Object.assign(this, { doc, settings, handlers, isRunning: false, busy: false, isReachable: false, serverVector: null, hasUnsent: false, edits: 0 });
    doc.on("update", (_update, origin) => {
      if (origin !== this) this.edits += 1;
    });
  }

  start() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.schedule(0);
  }

  pause() {
    this.isRunning = this.isReachable = this.hasUnsent = false;
    clearTimeout(this.timer);
  }

  stop() {
    this.pause();
    this.stopped = true;
  }

  schedule(delay = EDIT_DELAY_MS) {
    if (!this.isRunning || this.stopped) return;
    this.hasUnsent ||= delay === EDIT_DELAY_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#exchange(), delay);
  }

  async #exchange() {
    if (this.busy) return;
    this.busy = true;
    const edits = this.edits;
    try {
      await this.#request();
      this.isReachable = true;
      this.hasUnsent = this.edits !== edits;
      if (this.isRunning) this.handlers.onExchange();
    } catch {
      this.isReachable = false;
      this.handlers.onChange();
    }
    this.busy = false;
    this.schedule(this.hasUnsent ? EDIT_DELAY_MS : POLL_INTERVAL_MS);
  }

  async #request() {
    const frames = [syncFrame(STEP_1, Y.encodeStateVector(this.doc))];
    // Edits that the server already has are not sent again.
    if (this.serverVector) frames.push(syncFrame(STEP_2, Y.encodeStateAsUpdate(this.doc, this.serverVector)));
    const { exchange, schemaVersion } = this.settings;
    const response = await fetch(`${exchange}?schema=${schemaVersion}`, {
      method: "POST",
      body: joinFrames(frames),
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": this.settings.csrfToken() },
    });
    if (STOP_REASONS[response.status] || response.redirected) return this.handlers.onStop(STOP_REASONS[response.status] ?? "signed-out");
    if (!response.ok) throw new Error(`response ${response.status}`);
    for (const frame of splitFrames(await response.arrayBuffer())) this.#read(frame);
  }

  #read(frame) {
    const decoder = decoding.createDecoder(frame);
    const kind = decoding.readVarUint(decoder);
    if (kind === STATUS) return this.#applyStatus(JSON.parse(decoding.readVarString(decoder)));
    if (kind !== SYNC) return;
    const { step, data } = readSync(decoder);
    if (step === STEP_1) {
      const first = !this.serverVector;
      this.serverVector = data;
      if (first) this.edits += 1; // the edits of this page are sent at once
    } else if (this.handlers.accepts(data)) Y.applyUpdate(this.doc, data, this);
  }

  #applyStatus(status) {
    if (!status.rejected) this.handlers.onStatus(status);
    else if (status.rejected !== "gap") this.handlers.onRefusal(status.rejected);
  }
}
