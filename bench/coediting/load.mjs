// Raw sockets that type: each key is a real update of Yjs and a cursor. One process; its plan comes on standard input.
// It prints {"event": "begin"} and {"event": "end"} around the measure, then {"result": …}.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { readFileSync } from "node:fs";
import WebSocket from "ws";
import * as Y from "yjs";

const plan = JSON.parse(readFileSync(0, "utf8"));
const base = readFileSync(plan.base);
const [SYNC, AWARENESS, AUTH, SYNC_REPLY, SYNC_STATUS, ACK, STATUS] = [0, 1, 2, 4, 8, 100, 101];
const EMPTY = new Uint8Array([0, 0]);
const keys = new Map(); // "client:clock" -> { at, from }
const latencies = [];
const seen = new Map(); // bytes of a frame -> keys in it: the same frame comes to everybody
let delivered = 0;
let measuring = false;
let refused = 0;
let closed = 0;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function frame(...parts) {
  const encoder = encoding.createEncoder();
  if (plan.kind === "hocuspocus") encoding.writeVarString(encoder, "text");
  for (const part of parts)
    if (typeof part === "number") encoding.writeVarUint(encoder, part);
    else if (typeof part === "string") encoding.writeVarString(encoder, part);
    else encoding.writeVarUint8Array(encoder, part);
  return encoding.toUint8Array(encoder);
}

function keysIn(update) {
  const name = Buffer.from(update).toString("latin1");
  let found = seen.get(name);
  if (found) return found;
  found = [];
  for (const { id, length } of Y.decodeUpdate(update).structs)
    for (let clock = id.clock; clock < id.clock + length; clock += 1) {
      const key = `${id.client}:${clock}`;
      if (keys.has(key)) found.push(key);
    }
  seen.set(name, found);
  if (seen.size > 4000) seen.delete(seen.keys().next().value);
  return found;
}

class Tab {
  constructor(number) {
    Object.assign(this, { number, sent: 0, acked: 0, typed: 0, got: new Set(), synced: false });
    this.types = number < plan.typing;
    this.suggests = this.types && number < plan.suggesting;
  }

  async open() {
    const headers = { origin: plan.origin, cookie: plan.cookies[this.number] ?? "" };
    this.socket = new WebSocket(plan.urls[this.number % plan.urls.length], { headers, perMessageDeflate: false });
    this.socket.binaryType = "nodebuffer";
    this.socket.on("message", (data) => this.hear(data));
    this.socket.on("close", () => (closed += 1));
    this.socket.on("error", () => {});
    await new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
    });
    if (plan.kind === "hocuspocus") this.socket.send(frame(AUTH, 0, "token"));
    this.socket.send(frame(SYNC, 0, Y.encodeStateVectorFromUpdate(base)));
    for (let turn = 0; turn < 1000 && !this.synced; turn += 1) await wait(10);
    if (!this.synced) throw new Error(`tab ${this.number} was not served`);
  }

  begin() {
    this.doc = new Y.Doc();
    Y.applyUpdate(this.doc, base);
    const root = this.doc.getXmlFragment("default");
    const before = Y.encodeStateVector(this.doc);
    if (this.suggests) {
      const paragraphs = root.toArray().filter((node) => node.nodeName === "paragraph");
      this.text = paragraphs[this.number % paragraphs.length].get(0);
      this.place = this.text.length;
      this.mark = { insertion: { id: `${plan.users[this.number]}-bench-${this.number}` } };
      return;
    }
    const paragraph = new Y.XmlElement("paragraph");
    this.text = new Y.XmlText();
    paragraph.insert(0, [this.text]);
    root.insert(root.length, [paragraph]);
    this.place = 0;
    this.send(Y.encodeStateAsUpdate(this.doc, before));
  }

  send(update) {
    this.sent += 1;
    this.socket.send(frame(SYNC, 2, update));
  }

  key() {
    const { doc } = this;
    const before = Y.encodeStateVector(doc);
    this.text.insert(this.place, "e", this.mark ?? {});
    this.place += 1;
    const update = Y.encodeStateAsUpdate(doc, before);
    if (measuring) {
      const struct = Y.decodeUpdate(update).structs.find(({ content }) => content.str === "e");
      keys.set(`${struct.id.client}:${struct.id.clock}`, { at: performance.now(), from: this.number });
      this.typed += 1;
    }
    this.send(update);
    const state = JSON.stringify({ cursor: { anchor: this.place, head: this.place }, user: { name: "x" } });
    const inner = encoding.createEncoder();
    for (const part of [1, doc.clientID, ++this.clock || (this.clock = 1)]) encoding.writeVarUint(inner, part);
    encoding.writeVarString(inner, state);
    this.socket.send(frame(AWARENESS, encoding.toUint8Array(inner)));
  }

  hear(data) {
    const decoder = decoding.createDecoder(data);
    if (plan.kind === "hocuspocus") decoding.readVarString(decoder);
    const kind = decoding.readVarUint(decoder);
    if (kind === SYNC || kind === SYNC_REPLY) this.sync(decoder);
    else if (kind === ACK) this.acked = decoding.readVarUint(decoder);
    else if (kind === SYNC_STATUS) this.acked += decoding.readVarUint(decoder);
    else if (kind === STATUS && decoding.readVarString(decoder).includes("rejected")) refused += 1;
  }

  sync(decoder) {
    const step = decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder);
    if (step === 0) {
      if (plan.push && this.number === 0) this.send(base);
      else {
        this.sent += 1;
        this.socket.send(frame(plan.kind === "hocuspocus" ? SYNC_REPLY : SYNC, 1, EMPTY));
      }
      return;
    }
    if (step === 1) this.synced = true;
    const now = performance.now();
    for (const key of keysIn(body)) {
      const { at, from } = keys.get(key);
      if (from === this.number || this.got.has(key)) continue;
      this.got.add(key);
      delivered += 1;
      latencies.push(now - at);
    }
  }
}

const tabs = Array.from({ length: plan.sockets }, (_unused, number) => new Tab(number));
for (let first = 0; first < tabs.length; first += 10) await Promise.all(tabs.slice(first, first + 10).map((tab) => tab.open()));
const typists = tabs.filter((tab) => tab.types);
for (const tab of typists) tab.begin();
await wait(1000);
const pause = 1000 / plan.rate;
const timers = typists.map((tab) => {
  const turn = () => {
    tab.key();
    tab.timer = setTimeout(turn, pause * (0.8 + 0.4 * Math.random()));
  };
  tab.timer = setTimeout(turn, pause * Math.random());
  return tab;
});
await wait(plan.warm * 1000);
measuring = true;
say({ event: "begin" });
await wait(plan.seconds * 1000);
measuring = false;
for (const tab of timers) clearTimeout(tab.timer);
say({ event: "end" });
const expected = keys.size * (plan.sockets - 1);
for (let turn = 0; turn < 100 && (delivered < expected || tabs.some((tab) => tab.acked < tab.sent)); turn += 1) await wait(100);
latencies.sort((one, other) => one - other);
const at = (part) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? null;
const sent = tabs.reduce((sum, tab) => sum + tab.sent, 0);
const acked = tabs.reduce((sum, tab) => sum + Math.min(tab.acked, tab.sent), 0);
say({
  result: {
    p50_ms: at(0.5), p95_ms: at(0.95), keys: keys.size, delivered_ratio: delivered / Math.max(1, expected),
    acked_ratio: acked / Math.max(1, sent), refused, closed,
  },
});
process.exit(0);
