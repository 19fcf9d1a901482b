// The connection to the server: a socket, or HTTP requests when no socket opens. It counts what the server has saved.
import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import { Exchange } from "./exchange.js";
import { ACK, isPresence, presenceFrame, readSync, readSyncFrame, STATUS, STEP_1, STEP_2, SYNC } from "./frames.js";

const EXCHANGE_AFTER_MS = 10_000;
const PRESENCE_DELAY_MS = 100;
const STOP_REASONS = { 4400: "malformed", 4401: "signed-out", 4403: "forbidden", 4413: "too-large", 4426: "old" };

/**
 * `handlers` has onChange(), onSync(), onStatus(status), onRefusal(reason) and onStop(reason). `accepts(update)` returns whether
 * an update may be applied to the text of this page; `copy` is its copy on this device.
 */
export class Connection {
  constructor(doc, settings, { handlers, accepts, copy }) {
    Object.assign(this, { doc, handlers, accepts, sent: 0, acknowledged: 0, unsent: false, stopped: null, synced: false });
    this.provider = this.#open(doc, settings);
    this.exchange = new Exchange(doc, settings, {
      accepts: (update) => this.#accept(update),
      onExchange: () => this.#finishExchange(),
      onChange: () => handlers.onChange(),
      onRefusal: (reason) => handlers.onRefusal(reason),
      onStatus: (status) => handlers.onStatus(status),
      onStop: (reason) => this.stop(reason),
    });
    this.remoteOrigins = new Set([this.provider, this.exchange, copy]);
    doc.on("update", (update, origin) => {
      if (this.remoteOrigins.has(origin)) return;
      if (!this.provider.wsconnected) this.unsent = true;
      if (this.exchange.isRunning) this.exchange.schedule();
      handlers.onChange();
    });
    addEventListener("online", () => handlers.onChange());
    // Without network a socket would stay open for half a minute more.
    addEventListener("offline", () => this.provider.ws?.close());
    this.#disconnect();
    this.provider.connect();
  }

  /** Whether the server has not yet saved every edit of this page. */
  get hasUnsent() {
    return this.unsent || this.sent > this.acknowledged || this.exchange.hasUnsent;
  }

  /** Whether the server can be reached, one way or the other. */
  get isReachable() {
    return this.provider.wsconnected || this.exchange.isReachable;
  }

  get awareness() {
    return this.provider.awareness;
  }

  /** Stop sending and receiving for good: the page can only be read, reloaded or left. */
  stop(reason) {
    if (this.stopped) return;
    this.stopped = reason;
    clearTimeout(this.timer);
    this.exchange.stop();
    this.provider.destroy();
    this.handlers.onStop(reason);
  }

  #open(doc, { socket, schemaVersion }) {
    const connection = this;
    // Each message with data is counted when it is sent; the server counts those that it has processed.
    // Cursors move with every key: the presence of this page is sent once in a tenth of a second. It is encoded then,
    // because the library also repeats the presence of others, and their frame could replace that of this page.
    class CountedSocket extends WebSocket {
      send(frame) {
        if (isPresence(frame)) return this.sendPresence();
        connection.#countSent(frame);
        super.send(frame);
      }

      sendPresence() {
        this.timer ??= setTimeout(() => {
          this.timer = null;
          if (this.readyState === WebSocket.OPEN) super.send(presenceFrame(provider.awareness));
        }, PRESENCE_DELAY_MS);
      }
    }
    const address = new URL(socket, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const [server, documentName] = address.href.split(/\/(?=[^/]+\/$)/);
    const provider = new WebsocketProvider(server, documentName, doc, {
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
      if (step !== STEP_1 && !this.#accept(data)) return;
      decoder.pos = start;
      sync(encoder, decoder, ...rest);
    };
    provider.messageHandlers[ACK] = (encoder, decoder) => this.#acknowledge(decoding.readVarUint(decoder));
    provider.messageHandlers[STATUS] = (encoder, decoder) => this.#applyStatus(JSON.parse(decoding.readVarString(decoder)));
    provider.on("status", ({ status }) => (status === "connected" ? this.handlers.onChange() : this.#disconnect()));
    provider.on("sync", (synced) => synced && this.#resumeSocket());
    provider.on("closed", ({ code }) => this.stop(STOP_REASONS[code] ?? "closed"));
  }

  #accept(update) {
    if (this.accepts(update)) return true;
    queueMicrotask(() => this.stop("old"));
    return false;
  }

  #countSent(frame) {
    const sync = readSyncFrame(frame);
    if (!sync || sync.step === STEP_1) return;
    if (sync.step === STEP_2) this.unsent = false;
    this.sent += 1;
    this.handlers.onChange();
  }

  // The server sends how many messages of this socket it has processed, refused ones included.
  #acknowledge(count) {
    this.acknowledged = count;
    this.handlers.onChange();
  }

  #applyStatus(status) {
    if (!status.rejected) return this.handlers.onStatus(status);
    // After a gap the server requests the missing updates, and the ordinary response sends them.
    if (status.rejected !== "gap") this.handlers.onRefusal(status.rejected);
    this.handlers.onChange();
  }

  // Messages without acknowledgement count as not sent: the next synchronisation sends them again.
  #disconnect() {
    if (this.stopped) return;
    this.unsent ||= this.sent > this.acknowledged;
    this.sent = this.acknowledged = 0;
    this.timer ??= setTimeout(() => this.exchange.start(), EXCHANGE_AFTER_MS);
    this.handlers.onChange();
  }

  #resumeSocket() {
    clearTimeout(this.timer);
    this.timer = null;
    this.exchange.pause();
    this.#markSynced();
  }

  #finishExchange() {
    this.unsent = this.exchange.hasUnsent;
    this.#markSynced();
  }

  #markSynced() {
    if (!this.synced) {
      this.synced = true;
      this.handlers.onSync();
    }
    this.handlers.onChange();
  }
}
