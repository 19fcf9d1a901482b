// A text read aloud by the device, block by block. Only a French voice of the device itself: others send the words elsewhere.
// Pausing stops the block and reading begins it again: several phones cannot resume in the middle of a sentence.
const BLOCKS = "h2, h3, h4, p, li, td, th, blockquote, caption";
const bar = document.querySelector("[data-assembly-listen]");
const voiceOf = () => speechSynthesis.getVoices().find((voice) => voice.localService && /^fr\b/i.test(voice.lang));
let blocks = [];
let at = 0;

if (bar && "speechSynthesis" in window) {
  const [toggle, stop] = bar.querySelectorAll("button");
  const offer = () => { bar.hidden = !voiceOf(); };
  const label = (words, isBegun) => {
    toggle.textContent = words;
    stop.hidden = !isBegun;
  };
  const quiet = () => {
    const former = blocks[at];
    former?.classList.remove("is-read-aloud");
    toggle.removeAttribute("data-speaking");
    speechSynthesis.cancel();
  };
  const end = () => {
    quiet();
    [blocks, at] = [[], 0];
    label("Écouter", false);
  };
  const say = () => {
    const block = blocks[at];
    if (!block) return end();
    const words = new SpeechSynthesisUtterance(wordsOf(block));
    Object.assign(words, { voice: voiceOf(), lang: "fr-FR" });
    // What was cancelled ends too: only the block that is being read leads to the next.
    words.addEventListener("end", () => {
      if (!toggle.hasAttribute("data-speaking") || blocks[at] !== block) return;
      block.classList.remove("is-read-aloud");
      at += 1;
      say();
    });
    block.classList.add("is-read-aloud");
    speechSynthesis.speak(words);
  };
  toggle.addEventListener("click", () => {
    if (toggle.hasAttribute("data-speaking")) {
      quiet();
      return label("Reprendre", true);
    }
    if (!blocks.length) blocks = blocksAloud();
    toggle.setAttribute("data-speaking", "");
    label("Mettre en pause", true);
    say();
  });
  stop.addEventListener("click", () => {
    end();
    toggle.focus();
  });
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", end);
}

function blocksAloud() {
  const parts = [...document.querySelectorAll("[data-assembly-aloud]")];
  const found = parts.flatMap((part) => (part.matches(BLOCKS) ? [part] : [...part.querySelectorAll(BLOCKS)]));
  return found.filter((block) => !block.querySelector(BLOCKS) && block.offsetParent && wordsOf(block));
}

function wordsOf(block) {
  const copy = block.cloneNode(true);
  for (const other of copy.querySelectorAll("button, a.btn, .vh")) other.remove();
  return copy.textContent.trim();
}
