// The page of a text written together. Without this script it is the same text, to read.
import { Session } from "./page/session.js";

const root = document.querySelector("[data-assembly-coedit]");
if (root) new Session(root).start();
