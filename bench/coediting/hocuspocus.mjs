// Hocuspocus as its documentation starts it, with a store in a file and its default delays.
import { Server } from "@hocuspocus/server";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as Y from "yjs";

const [port, base, store] = process.argv.slice(2);
const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  async onLoadDocument({ document }) {
    Y.applyUpdate(document, readFileSync(existsSync(store) ? store : base));
  },
  async onStoreDocument({ document }) {
    writeFileSync(store, Y.encodeStateAsUpdate(document));
  },
});
await server.listen();
