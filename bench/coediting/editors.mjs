// Eight tabs with the provider that browsers use, typing without end; what they were told is asked on standard input.
import * as decoding from "lib0/decoding";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [SYNC, ACK, STATUS] = [0, 100, 101];
let typing = true;
let acknowledged = 0;
let rejected = 0;

class Editor {
  constructor(number) {
    Object.assign(this, { number, acked: 0, sent: [], counted: 0 });
    this.doc = new Y.Doc();
    const editor = this;
    class CountedSocket extends WebSocket {
      constructor(url) {
        super(url, { headers: { cookie: plan.cookies[number], origin: plan.origin }, perMessageDeflate: false });
        this.on("error", () => {});
        editor.sent = [];
      }

      send(data) {
        const bytes = new Uint8Array(data);
        if (bytes[0] === SYNC && bytes[1] !== 0) editor.sent.push(editor.own());
        super.send(data);
      }
    }
    const port = plan.ports[number % plan.ports.length];
    this.provider = new WebsocketProvider(`ws://localhost:${port}/ws/textes`, `${plan.text}/`, this.doc, {
      disableBc: true, params: { schema: "1" }, WebSocketPolyfill: CountedSocket, maxBackoffTime: 800,
    });
    this.provider.messageHandlers[ACK] = (_encoder, decoder) => this.settle(decoding.readVarUint(decoder));
    this.provider.messageHandlers[STATUS] = (_encoder, decoder) => {
      if (decoding.readVarString(decoder).includes("rejected")) rejected += 1;
    };
    this.provider.once("sync", () => this.begin());
  }

  own() {
    return Y.getState(this.doc.store, this.doc.clientID);
  }

  settle(count) {
    const reached = this.sent[count - 1] ?? 0;
    if (reached > this.acked) {
      acknowledged += reached - this.acked;
      this.acked = reached;
    }
  }

  begin() {
    const paragraph = new Y.XmlElement("paragraph");
    this.text = new Y.XmlText();
    paragraph.insert(0, [this.text]);
    const root = this.doc.getXmlFragment("default");
    root.insert(root.length, [paragraph]);
    const turn = () => {
      if (typing) this.text.insert(this.text.length, "e");
      setTimeout(turn, (1000 / plan.rate) * (0.6 + 0.8 * Math.random()));
    };
    turn();
  }

  /** How far each other person's words were on this screen. */
  seen() {
    const found = {};
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(this.doc)))
      if (client !== this.doc.clientID) found[client] = clock;
    return found;
  }
}

const editors = Array.from({ length: plan.editors }, (_unused, number) => new Editor(number));
const hash = (doc) => createHash("sha256").update(doc.getXmlFragment("default").toString()).digest("hex");

function report() {
  const seen = {};
  for (const editor of editors)
    for (const [client, clock] of Object.entries(editor.seen())) seen[client] = Math.max(seen[client] ?? 0, clock);
  return {
    acked: Object.fromEntries(editors.map(({ doc, acked }) => [doc.clientID, acked])),
    seen,
    acknowledged,
    rejected,
    connected: editors.filter(({ provider }) => provider.wsconnected && provider.synced).length,
    waiting: editors.filter((editor) => editor.acked < editor.own()).length,
    texts: [...new Set(editors.map(({ doc }) => hash(doc)))],
    length: editors[0].doc.getXmlFragment("default").toString().length,
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "stop") typing = false;
  if (line === "end") process.exit(0);
  process.stdout.write(`${JSON.stringify(report())}\n`);
});
