// One text opened by one person: connection to the server, copy on the device, editor, and messages of the page.
import { getSchema } from "@tiptap/core";
import * as Y from "yjs";
import { Connection } from "../net/connection.js";
import { eraseOne, eraseOthers, hasCopy, onSignOut } from "../net/copies.js";
import { storeCopy } from "../net/device.js";
import { findUnknown } from "../net/schema_check.js";
import { extensions, SCHEMA_VERSION } from "../schema.js";
import { openEditor, setMode } from "../text/editor.js";
import { Comments } from "./comments.js";
import { measureBars } from "./covered.js";
import { RejectedText } from "./rejected_text.js";
import { Modes } from "./modes.js";
import { Notice } from "./notice.js";
import { Presence } from "./presence.js";
import { RIGHTS, settingsOf } from "./settings.js";
import { Sheet } from "./sheet.js";
import { Sidebar } from "./sidebar.js";
import { Status } from "./status.js";
import { Toolbar } from "./toolbar.js";

const OFFLINE_DELAY_MS = 2500;
const END_MESSAGES = {
  old: "Cette page est trop ancienne pour ce texte. Rechargez la page pour continuer.",
  "signed-out": "Votre connexion a expiré. Rechargez la page pour vous reconnecter\u00a0: vos mots sont gardés sur cet appareil.",
  forbidden: "Vous n’avez plus accès à ce texte.",
  malformed: "Cette page n’arrive plus à parler au serveur. Rechargez la page.",
  closed: "Le serveur a fermé ce texte. Rechargez la page pour continuer.",
  out: "Vous êtes déconnecté de ce site. Cette page ne garde plus rien.",
};
const UPGRADED = "Vous pouvez maintenant faire plus dans ce texte. Rechargez la page pour commencer.";

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
    this.rejectedText = new RejectedText(root, this);
    this.sheet = new Sheet(this);
    this.sidebar = new Sidebar(this);
    this.comments = new Comments(this, { notice: this.notice, sidebar: this.sidebar });
  }

  async start() {
    const { user, text } = this.settings;
    this.status.show("opening");
    foldQuestion();
    measureBars(this.root.querySelector("[data-assembly-tools]"), () => this.#scrollToCursor());
    onSignOut(() => this.#end("out"));
    // A page restored by « Précédent » may belong to somebody who has signed out.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    addEventListener("beforeunload", (event) => {
      if (this.connection?.hasUnsent && !this.#isSavedHere() && !this.ended) event.preventDefault();
    });
    await eraseOthers(user);
    // Nothing is stored for a reader; but a copy written before the text was frozen is still loaded.
    if (this.right > RIGHTS.read || (await hasCopy(user, text))) this.copy = await storeCopy(this.doc, user, text, () => this.#showStatus());
    if (!this.#isKnown(Y.encodeStateAsUpdate(this.doc))) return this.#end("old");
    this.#connect();
    if (this.copy && this.doc.getXmlFragment("default").length) setTimeout(() => this.#mount(), OFFLINE_DELAY_MS);
  }

  /** Delete the copy of this text on this device, and load the text of the server. */
  async discardCopy() {
    await this.copy?.destroy();
    await eraseOne(this.settings.user, this.settings.text);
    location.reload();
  }

  #connect() {
    const settings = { ...this.settings, schemaVersion: SCHEMA_VERSION };
    const handlers = {
      onChange: () => this.#showStatus(),
      onSync: () => this.#mount(),
      onStatus: (status) => this.#applyStatus(status),
      onRefusal: (reason) => this.#showRejected(reason),
      onStop: (reason) => this.#end(reason),
    };
    this.connection = new Connection(this.doc, settings, { handlers, accepts: (update) => this.#accepts(update), copy: this.copy });
    this.presence = new Presence(this.connection.awareness, { id: this.settings.user, name: this.settings.name });
    this.#showStatus();
  }

  #isKnown(update) {
    return !findUnknown(update, this.schema);
  }

  // A tap moves the cursor of the browser first, and the editor reads it a moment later: a remote update in between would
  // put the cursor back.
  #accepts(update) {
    this.editor?.view.domObserver.flush();
    return this.#isKnown(update);
  }

  #mount() {
    if (this.editor || this.ended) return;
    const pad = this.root.querySelector("[data-assembly-pad]");
    const { user, firstNumber } = this.settings;
    pad.hidden = false;
    this.editor = openEditor(pad, {
      doc: this.doc, awareness: this.connection.awareness, user, first: firstNumber,
      notify: (message) => this.notice.show(message), focusToolbar: () => this.toolbar.focus(),
    });
    this.root.querySelector("[data-assembly-static]").hidden = true;
    const tools = this.root.querySelector("[data-assembly-tools]");
    this.toolbar = new Toolbar(tools, this.editor, { comment: () => this.comments.open() });
    this.modes = new Modes(this.root, this.right, (mode) => this.#enter(mode));
    this.editor.on("update", () => this.sidebar.update(this.editor.state.doc));
    this.editor.on("selectionUpdate", () => this.sidebar.highlight(this.editor.state));
    this.sidebar.update(this.editor.state.doc);
    this.#showStatus();
  }

  #scrollToCursor() {
    if (this.editor?.isFocused) this.editor.commands.scrollIntoView();
  }

  #enter(mode) {
    setMode(this.editor, mode, this.right >= RIGHTS.comment);
    this.toolbar.tools.hidden = this.right < RIGHTS.comment;
    this.toolbar.limit(mode);
    this.#showStatus();
  }

  #applyStatus({ role, state }) {
    const right = RIGHTS[role] ?? RIGHTS.read;
    this.state = state;
    if (right > this.right) {
      if (!this.isUpgraded) this.notice.show(UPGRADED);
      this.isUpgraded = true;
    } else if (right !== this.right) {
      this.right = right;
      this.modes?.limit(right);
    }
    this.#showStatus();
  }

  #showStatus() {
    if (this.ended) return;
    this.status.show(this.#currentStatus());
  }

  #currentStatus() {
    const { connection } = this;
    if (!connection?.synced && !this.editor && navigator.onLine) return connection?.exchange.isRunning ? "unreachable" : "opening";
    if (!connection?.isReachable) return this.#offlineStatus();
    if (connection.hasUnsent) return "saving";
    if (this.state === "frozen") return "frozen";
    return this.right > RIGHTS.read ? "saved" : "reading";
  }

  #offlineStatus() {
    if (this.right <= RIGHTS.read) return "offline-reader";
    if (!this.copy) return "offline-page";
    return this.#isSavedHere() ? "offline" : "saving";
  }

  /** Return whether the copy on this device has every edit of this page. */
  #isSavedHere() {
    return Boolean(this.copy) && !this.copy.pendingEdits;
  }

  // The text of this page and that of the server have diverged: typing stops.
  async #showRejected(reason) {
    if (this.refusalReason) return;
    this.refusalReason = reason;
    this.connection.stop("refused");
    if (!this.ended) this.#close("refused");
    const isShown = await this.rejectedText.show(reason).catch(() => null);
    if (isShown === false) await this.discardCopy();
    else if (isShown === null) this.notice.showFinal(END_MESSAGES.malformed);
  }

  async #end(reason) {
    if (this.ended) return;
    if (reason === "too-large") return this.#showRejected(reason);
    this.#close(reason);
    if (reason === "refused") return;
    if (["forbidden", "out"].includes(reason)) await this.#clear();
    this.notice.showFinal(END_MESSAGES[reason] ?? END_MESSAGES.closed);
  }

  #close(reason) {
    this.ended = true;
    this.connection?.stop(reason);
    this.status.show("stopped");
    this.toolbar?.limit("read");
    if (this.toolbar) this.toolbar.tools.hidden = true;
    this.modes?.hide();
    if (reason === "old") this.#showStatic();
    else this.editor?.setEditable(false, false);
  }

  // The schema of this page lacks a node of the text, so the editor is replaced by the page of the server.
  #showStatic() {
    this.editor?.destroy();
    this.editor = null;
    this.root.querySelector("[data-assembly-pad]").hidden = true;
    this.root.querySelector("[data-assembly-static]").hidden = false;
  }

  async #clear() {
    this.editor?.destroy();
    this.root.querySelector("[data-assembly-pad]").replaceChildren();
    this.root.querySelector("[data-assembly-static]").replaceChildren();
    await this.copy?.destroy();
    await eraseOne(this.settings.user, this.settings.text);
  }
}

// On a phone the text comes first; what is asked of the group is one line.
function foldQuestion() {
  const question = document.querySelector("[data-assembly-question]");
  if (question && matchMedia("(max-width: 47.99rem)").matches) question.open = false;
}
