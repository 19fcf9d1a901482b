// The line to the server: a socket, or requests of the same edits when no socket opens. It knows what is safe there.
import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import { Exchange } from "./exchange.js";
import { ACK, isPresence, presenceFrame, readSync, STATUS, STEP_1, STEP_2, SYNC, syncOf } from "./frames.js";

const PATIENCE = 10_000;
const BLINK = 100;
const WHY = { 4400: "malformed", 4401: "signed-out", 4403: "forbidden", 4413: "too-large", 4426: "old" };

/**
 * `hears` is told of everything: changed(), synced(), told(status), refused(reason), stopped(reason).
 * `lets(update)` says whether these bytes may enter the text of this page; `copy` is where it is kept on this device.
 */
export class Connection {
  constructor(doc, settings, { hears, lets, copy }) {
    Object.assign(this, { doc, hears, lets, sent: 0, answered: 0, unsent: false, stopped: null, synced: false });
    this.provider = this.#open(doc, settings);
    this.exchange = new Exchange(doc, settings, {
      lets: (update) => this.#enter(update),
      done: () => this.#exchanged(),
      changed: () => hears.changed(),
      refused: (reason) => hears.refused(reason),
      told: (status) => hears.told(status),
      stopped: (reason) => this.stop(reason),
    });
    this.foreign = new Set([this.provider, this.exchange, copy]);
    doc.on("update", (update, origin) => {
      if (this.foreign.has(origin)) return;
      if (!this.provider.wsconnected) this.unsent = true;
      if (this.exchange.runs) this.exchange.soon();
      hears.changed();
    });
    addEventListener("online", () => hears.changed());
    // A socket without network would look open for half a minute more.
    addEventListener("offline", () => this.provider.ws?.close());
    this.#lose();
    this.provider.connect();
  }

  /** Whether words of this page are not yet kept by the server. */
  get waits() {
    return this.unsent || this.sent > this.answered || this.exchange.waits;
  }

  /** Whether the server can be reached, one way or the other. */
  get reaches() {
    return this.provider.wsconnected || this.exchange.reaches;
  }

  get awareness() {
    return this.provider.awareness;
  }

  /** No more edit enters or leaves: the page is to be read, reloaded or left. */
  stop(reason) {
    if (this.stopped) return;
    this.stopped = reason;
    clearTimeout(this.timer);
    this.exchange.stop();
    this.provider.destroy();
    this.hears.stopped(reason);
  }

  #open(doc, { socket, schemaVersion }) {
    const connection = this;
    // Each message with data is counted when it leaves; the server counts those that are settled.
    // Cursors move with every key: only where ours stands a tenth of a second later is told. The library repeats what
    // it hears of others too: were the last frame kept, the arrival of this page could be lost behind theirs.
    class CountedSocket extends WebSocket {
      send(frame) {
        if (isPresence(frame)) return this.presence();
        connection.#leaves(frame);
        super.send(frame);
      }

      presence() {
        this.timer ??= setTimeout(() => {
          this.timer = null;
          if (this.readyState === WebSocket.OPEN) super.send(presenceFrame(provider.awareness));
        }, BLINK);
      }
    }
    const address = new URL(socket, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const [server, room] = address.href.split(/\/(?=[^/]+\/$)/);
    const provider = new WebsocketProvider(server, room, doc, {
      connect: false, disableBc: true, params: { schema: String(schemaVersion) }, WebSocketPolyfill: CountedSocket,
    });
    this.#listen(provider);
    return provider;
  }

  #listen(provider) {
    const sync = provider.messageHandlers[SYNC];
    provider.messageHandlers[SYNC] = (encoder, decoder, ...rest) => {
      const start = decoder.pos;
      const { step, data } = readSync(decoder);
      if (step !== STEP_1 && !this.#enter(data)) return;
      decoder.pos = start;
      sync(encoder, decoder, ...rest);
    };
    provider.messageHandlers[ACK] = (encoder, decoder) => this.#answer(decoding.readVarUint(decoder));
    provider.messageHandlers[STATUS] = (encoder, decoder) => this.#hear(JSON.parse(decoding.readVarString(decoder)));
    provider.on("status", ({ status }) => (status === "connected" ? this.hears.changed() : this.#lose()));
    provider.on("sync", (synced) => synced && this.#found());
    provider.on("closed", ({ code }) => this.stop(WHY[code] ?? "closed"));
  }

  #enter(update) {
    if (this.lets(update)) return true;
    queueMicrotask(() => this.stop("old"));
    return false;
  }

  #leaves(frame) {
    const sync = syncOf(frame);
    if (!sync || sync.step === STEP_1) return;
    if (sync.step === STEP_2) this.unsent = false;
    this.sent += 1;
    this.hears.changed();
  }

  // The server says how many of the messages of this socket are settled, refused ones included.
  #answer(count) {
    this.answered = count;
    this.hears.changed();
  }

  #hear(status) {
    if (!status.rejected) return this.hears.told(status);
    // After a gap the server asks for everything, and the ordinary answer brings it.
    if (status.rejected !== "gap") this.hears.refused(status.rejected);
    this.hears.changed();
  }

  // What was under way when the line broke counts as not sent: the next meeting brings it again.
  #lose() {
    if (this.stopped) return;
    this.unsent ||= this.sent > this.answered;
    this.sent = this.answered = 0;
    this.timer ??= setTimeout(() => this.exchange.start(), PATIENCE);
    this.hears.changed();
  }

  #found() {
    clearTimeout(this.timer);
    this.timer = null;
    this.exchange.rest();
    this.#meet();
  }

  #exchanged() {
    this.unsent = this.exchange.waits;
    this.#meet();
  }

  #meet() {
    if (!this.synced) {
      this.synced = true;
      this.hears.synced();
    }
    this.hears.changed();
  }
}
