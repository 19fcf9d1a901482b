// Where no socket opens, the same messages go by ordinary requests: slower, but nothing is lost.
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { joined, readSync, split, STATUS, STEP_1, STEP_2, SYNC, syncFrame } from "./frames.js";

const PAUSE = 3000;
const AFTER_A_KEY = 700;
const FINAL = { 400: "malformed", 401: "signed-out", 403: "forbidden", 404: "forbidden", 413: "too-large", 426: "old" };

export class Exchange {
  constructor(doc, settings, hears) {
    this.address = `${settings.exchange}?schema=${settings.schemaVersion}`;
    Object.assign(this, { doc, settings, hears, runs: false, busy: false, reaches: false, known: null, waits: false, edits: 0 });
    doc.on("update", (_update, origin) => {
      if (origin !== this) this.edits += 1;
    });
  }

  start() {
    if (this.runs) return;
    this.runs = true;
    this.soon(0);
  }

  rest() {
    this.runs = this.reaches = this.waits = false;
    clearTimeout(this.timer);
  }

  stop() {
    this.rest();
    this.stopped = true;
  }

  soon(delay = AFTER_A_KEY) {
    if (!this.runs || this.stopped) return;
    this.waits ||= delay === AFTER_A_KEY;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#turn(), delay);
  }

  async #turn() {
    if (this.busy) return;
    this.busy = true;
    const edits = this.edits;
    try {
      await this.#ask();
      this.reaches = true;
      this.waits = this.edits !== edits;
      if (this.runs) this.hears.done();
    } catch {
      this.reaches = false;
      this.hears.changed();
    }
    this.busy = false;
    this.soon(this.waits ? AFTER_A_KEY : PAUSE);
  }

  async #ask() {
    const frames = [syncFrame(STEP_1, Y.encodeStateVector(this.doc))];
    // What the server is known to have is not sent again.
    if (this.known) frames.push(syncFrame(STEP_2, Y.encodeStateAsUpdate(this.doc, this.known)));
    const { exchange, schemaVersion } = this.settings;
    const answer = await fetch(`${exchange}?schema=${schemaVersion}`, {
      method: "POST",
      body: joined(frames),
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": this.settings.key() },
    });
    if (FINAL[answer.status] || answer.redirected) return this.hears.stopped(FINAL[answer.status] ?? "signed-out");
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    for (const frame of split(await answer.arrayBuffer())) this.#read(frame);
  }

  #read(frame) {
    const decoder = decoding.createDecoder(frame);
    const kind = decoding.readVarUint(decoder);
    if (kind === STATUS) return this.#hear(JSON.parse(decoding.readVarString(decoder)));
    if (kind !== SYNC) return;
    const { step, data } = readSync(decoder);
    if (step === STEP_1) {
      const first = !this.known;
      this.known = data;
      if (first) this.edits += 1; // its own words follow at once
    } else if (this.hears.lets(data)) Y.applyUpdate(this.doc, data, this);
  }

  #hear(status) {
    if (!status.rejected) this.hears.told(status);
    else if (status.rejected !== "gap") this.hears.refused(status.rejected);
  }
}
