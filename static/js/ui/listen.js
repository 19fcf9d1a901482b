// Reads a text aloud, block by block, only with a French voice of the device itself: other voices send the text to a service.
// A pause stops the block, and « Reprendre » begins it again: several phones cannot resume in the middle of a sentence.
const BLOCKS = "h2, h3, h4, p, li, td, th, blockquote, caption";
const bar = document.querySelector("[data-assembly-listen]");
const voiceOf = () => speechSynthesis.getVoices().find((voice) => voice.localService && /^fr\b/i.test(voice.lang));
let blocks = [];
let position = 0;

if (bar && "speechSynthesis" in window) {
  const [toggle, stop] = bar.querySelectorAll("button");
  const updateVisibility = () => { bar.hidden = !voiceOf(); };
  const setLabel = (text, isBegun) => {
    toggle.textContent = text;
    stop.hidden = !isBegun;
  };
  const stopReading = () => {
    const block = blocks[position];
    block?.classList.remove("is-read-aloud");
    toggle.removeAttribute("data-speaking");
    speechSynthesis.cancel();
  };
  const reset = () => {
    stopReading();
    [blocks, position] = [[], 0];
    setLabel("Écouter", false);
  };
  const speakBlock = () => {
    const block = blocks[position];
    if (!block) return reset();
    const utterance = new SpeechSynthesisUtterance(textOf(block));
    Object.assign(utterance, { voice: voiceOf(), lang: "fr-FR" });
    // A cancelled block fires « end » too: continue only from the block that is being read.
    utterance.addEventListener("end", () => {
      if (!toggle.hasAttribute("data-speaking") || blocks[position] !== block) return;
      block.classList.remove("is-read-aloud");
      position += 1;
      speakBlock();
    });
    block.classList.add("is-read-aloud");
    speechSynthesis.speak(utterance);
  };
  toggle.addEventListener("click", () => {
    if (toggle.hasAttribute("data-speaking")) {
      stopReading();
      return setLabel("Reprendre", true);
    }
    if (!blocks.length) blocks = readableBlocks();
    toggle.setAttribute("data-speaking", "");
    setLabel("Mettre en pause", true);
    speakBlock();
  });
  stop.addEventListener("click", () => {
    reset();
    toggle.focus();
  });
  updateVisibility();
  speechSynthesis.addEventListener("voiceschanged", updateVisibility);
  addEventListener("pagehide", reset);
}

function readableBlocks() {
  const parts = [...document.querySelectorAll("[data-assembly-aloud]")];
  const candidates = parts.flatMap((part) => (part.matches(BLOCKS) ? [part] : [...part.querySelectorAll(BLOCKS)]));
  return candidates.filter((block) => !block.querySelector(BLOCKS) && block.offsetParent && textOf(block));
}

function textOf(block) {
  const copy = block.cloneNode(true);
  for (const other of copy.querySelectorAll("button, a.btn, .vh")) other.remove();
  return copy.textContent.trim();
}
