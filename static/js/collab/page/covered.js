// What bars cover of the window: the text scrolls clear of it. Heights change with the title, the people present, the tools
// in use and the keyboard of a phone.
import { SCROLL_MARGIN } from "../text/editor.js";

const LINE = 48; // a line above and below the cursor

/** Write the heights as `--coedit-head`, `--coedit-foot`, `--coedit-covered` and `--keyboard`, and as the margins of the editor. */
export function measureBars(tools, scrollToCursor) {
  const head = document.querySelector(".coedit-head");
  const foot = document.querySelector(".savebar");
  const setProperty = (name, pixels) => document.documentElement.style.setProperty(name, `${Math.max(0, Math.round(pixels))}px`);
  const measure = () => {
    setProperty("--coedit-head", head.offsetHeight);
    setProperty("--coedit-foot", foot.offsetHeight);
    setProperty("--keyboard", keyboardHeight());
    const isAtFoot = getComputedStyle(tools).position === "fixed";
    const top = (isAtFoot ? 0 : head.offsetHeight + tools.offsetHeight) + LINE;
    const bottom = (isAtFoot && !tools.hidden ? seenHeight() - tools.getBoundingClientRect().top : foot.offsetHeight) + LINE;
    const coversMore = bottom > SCROLL_MARGIN.bottom;
    setProperty("--coedit-covered", bottom);
    Object.assign(SCROLL_MARGIN, { top, bottom });
    if (coversMore) scrollToCursor();
  };
  const observer = new ResizeObserver(measure);
  for (const bar of [head, foot, tools]) observer.observe(bar);
  for (const type of ["resize", "scroll"]) visualViewport?.addEventListener(type, measure);
}

/** The height in which the editor scrolls: above the keyboard. */
const seenHeight = () => window.visualViewport?.height ?? innerHeight;

/** The keyboard makes only the visual viewport smaller; a zoomed page has a smaller one too, without keyboard. */
function keyboardHeight() {
  const { visualViewport: seen } = window;
  return !seen || seen.scale > 1 ? 0 : innerHeight - seen.height - seen.offsetTop;
}
