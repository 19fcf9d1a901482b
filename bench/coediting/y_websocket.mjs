// The reference server of y-websocket, in memory.
import http from "node:http";
import { setupWSConnection } from "@y/websocket-server/utils";
import { WebSocketServer } from "ws";

const server = http.createServer();
const sockets = new WebSocketServer({ noServer: true });
sockets.on("connection", (socket, request) => setupWSConnection(socket, request));
server.on("upgrade", (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request)));
server.listen(Number(process.argv[2]), "127.0.0.1");
