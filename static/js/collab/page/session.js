// One text opened by one person: the line to the server, the copy on the device, the editor, and what the page says.
import { getSchema } from "@tiptap/core";
import * as Y from "yjs";
import { Connection } from "../net/connection.js";
import { eraseOne, eraseOthers, hasCopy, onSignOut } from "../net/copies.js";
import { keepCopy } from "../net/device.js";
import { unknownIn } from "../net/gate.js";
import { extensions, SCHEMA_VERSION } from "../schema.js";
import { openEditor, setMode } from "../text/editor.js";
import { Comments } from "./comments.js";
import { LateWords } from "./late_words.js";
import { Modes } from "./modes.js";
import { Notice } from "./notice.js";
import { Presence } from "./presence.js";
import { RIGHTS, settingsOf } from "./settings.js";
import { Sidebar } from "./sidebar.js";
import { Status } from "./status.js";
import { Toolbar } from "./toolbar.js";

const WITHOUT_LINE = 2500;
const ENDS = {
  old: "Cette page est trop ancienne pour ce texte. Rechargez la page pour continuer.",
  "signed-out": "Votre connexion a expiré. Rechargez la page pour vous reconnecter\u00a0: vos mots sont gardés sur cet appareil.",
  forbidden: "Vous n’avez plus accès à ce texte.",
  malformed: "Cette page n’arrive plus à parler au serveur. Rechargez la page.",
  closed: "Le serveur a fermé ce texte. Rechargez la page pour continuer.",
  out: "Vous êtes déconnecté de ce site. Cette page ne garde plus rien.",
};
const REOPENED = "Vous pouvez maintenant faire plus dans ce texte. Rechargez la page pour commencer.";

export class Session {
  constructor(root) {
    this.root = root;
    this.settings = settingsOf(root);
    this.right = this.settings.right;
    this.state = this.settings.state;
    this.doc = new Y.Doc();
    this.schema = getSchema(extensions);
    this.status = new Status();
    this.notice = new Notice(root);
    this.lateWords = new LateWords(root, this);
    this.sidebar = new Sidebar(this);
    this.comments = new Comments(this, { notice: this.notice, sidebar: this.sidebar });
  }

  async start() {
    const { user, text } = this.settings;
    this.status.say("opening");
    measureHead();
    onSignOut(() => this.#end("out"));
    // A page brought back by « Précédent » may be that of somebody who has left.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    addEventListener("beforeunload", (event) => {
      if (this.connection?.waits && !this.#isKeptHere() && !this.ended) event.preventDefault();
    });
    await eraseOthers(user);
    // A mere reader leaves nothing here; but words written before the text was frozen must still be found.
    if (this.right > RIGHTS.read || (await hasCopy(user, text))) this.copy = await keepCopy(this.doc, user, text, () => this.#tell());
    if (!this.#lets(Y.encodeStateAsUpdate(this.doc))) return this.#end("old");
    this.#connect();
    if (this.copy && this.doc.getXmlFragment("default").length) setTimeout(() => this.#mount(), WITHOUT_LINE);
  }

  /** Let go of what this device keeps of this text, and read it as it is. */
  async forget() {
    await this.copy?.destroy();
    await eraseOne(this.settings.user, this.settings.text);
    location.reload();
  }

  #connect() {
    const settings = { ...this.settings, schemaVersion: SCHEMA_VERSION };
    const hears = {
      changed: () => this.#tell(),
      synced: () => this.#mount(),
      told: (status) => this.#told(status),
      refused: (reason) => this.#refused(reason),
      stopped: (reason) => this.#end(reason),
    };
    this.connection = new Connection(this.doc, settings, { hears, lets: (update) => this.#takes(update), copy: this.copy });
    this.presence = new Presence(this.connection.awareness, { id: this.settings.user, name: this.settings.name });
    this.#tell();
  }

  #lets(update) {
    return !unknownIn(update, this.schema);
  }

  // A tap moves the cursor of the browser first, and the editor hears of it a moment later: words of others that enter
  // in between would put the cursor back.
  #takes(update) {
    this.editor?.view.domObserver.flush();
    return this.#lets(update);
  }

  #mount() {
    if (this.editor || this.ended) return;
    const pad = this.root.querySelector("[data-assembly-pad]");
    const { user, firstNumber } = this.settings;
    pad.hidden = false;
    this.editor = openEditor(pad, {
      doc: this.doc, awareness: this.connection.awareness, user, first: firstNumber,
      say: (words) => this.notice.say(words), toBar: () => this.toolbar.focus(),
    });
    this.root.querySelector("[data-assembly-static]").hidden = true;
    const tools = this.root.querySelector("[data-assembly-tools]");
    this.toolbar = new Toolbar(tools, this.editor, { comment: () => this.comments.begin() });
    this.modes = new Modes(this.root, this.right, (mode) => this.#enter(mode));
    this.editor.on("update", () => this.sidebar.follow(this.editor.state.doc));
    this.editor.on("selectionUpdate", () => this.sidebar.point(this.editor.state));
    this.sidebar.follow(this.editor.state.doc);
    this.#tell();
  }

  #enter(mode) {
    setMode(this.editor, mode, this.right >= RIGHTS.comment);
    this.toolbar.tools.hidden = this.right < RIGHTS.comment;
    this.toolbar.limit(mode);
    this.#tell();
  }

  #told({ role, state }) {
    const right = RIGHTS[role] ?? RIGHTS.read;
    this.state = state;
    if (right > this.right) {
      if (!this.mayMore) this.notice.say(REOPENED);
      this.mayMore = true;
    } else if (right !== this.right) {
      this.right = right;
      this.modes?.limit(right);
    }
    this.#tell();
  }

  #tell() {
    if (this.ended) return;
    this.status.say(this.#saying());
  }

  #saying() {
    const { connection } = this;
    if (!connection?.synced && !this.editor && navigator.onLine) return connection?.exchange.runs ? "unreachable" : "opening";
    if (!connection?.reaches) return this.#sayingAlone();
    if (connection.waits) return "saving";
    if (this.state === "frozen") return "frozen";
    return this.right > RIGHTS.read ? "saved" : "reading";
  }

  #sayingAlone() {
    if (this.right <= RIGHTS.read) return "offline-reader";
    if (!this.copy) return "offline-page";
    return this.#isKeptHere() ? "offline" : "saving";
  }

  /** Whether every word of this page would survive it. */
  #isKeptHere() {
    return Boolean(this.copy) && !this.copy.waits;
  }

  // The copy of this page has left the text of the others: nobody types on in it.
  async #refused(reason) {
    if (this.refusedFor) return;
    this.refusedFor = reason;
    this.connection.stop("refused");
    if (!this.ended) this.#close("refused");
    const shown = await this.lateWords.show(reason).catch(() => null);
    if (shown === false) await this.forget();
    else if (shown === null) this.notice.end(ENDS.malformed);
  }

  async #end(reason) {
    if (this.ended) return;
    if (reason === "too-large") return this.#refused(reason);
    this.#close(reason);
    if (reason === "refused") return;
    if (["forbidden", "out"].includes(reason)) await this.#empty();
    this.notice.end(ENDS[reason] ?? ENDS.closed);
  }

  #close(reason) {
    this.ended = true;
    this.connection?.stop(reason);
    this.status.say("stopped");
    this.toolbar?.limit("read");
    if (this.toolbar) this.toolbar.tools.hidden = true;
    this.modes?.end();
    if (reason === "old") this.#showStatic();
    else this.editor?.setEditable(false, false);
  }

  // What this page does not know must not stay in an editor: the page of the server is read instead.
  #showStatic() {
    this.editor?.destroy();
    this.editor = null;
    this.root.querySelector("[data-assembly-pad]").hidden = true;
    this.root.querySelector("[data-assembly-static]").hidden = false;
  }

  async #empty() {
    this.editor?.destroy();
    this.root.querySelector("[data-assembly-pad]").replaceChildren();
    this.root.querySelector("[data-assembly-static]").replaceChildren();
    await this.copy?.destroy();
    await eraseOne(this.settings.user, this.settings.text);
  }
}

// The bar and the lists stop under the head, whose height depends on the title and on who is there.
function measureHead() {
  const head = document.querySelector(".coedit-head");
  const told = () => document.documentElement.style.setProperty("--coedit-head", `${head.offsetHeight}px`);
  new ResizeObserver(told).observe(head);
}
