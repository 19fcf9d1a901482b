// The hemicycle of a draw fills one seat a key, or by itself. The page has all names: nothing is fetched.
import { onPresenterKeys } from "./modules/presenter_keys.js";

const PLAY_MS = 1200;
const KINDS = ["announced", "current", "next", "awaited"];

const main = document.querySelector("[data-assembly-projection]");
const total = Number(main.dataset.total);
const rows = [...main.querySelectorAll("[data-assembly-row]")];
const names = [...main.querySelectorAll("[data-assembly-seat]")];
const seats = [...main.querySelectorAll("[data-assembly-seats] circle")];
const announced = main.querySelector("[data-assembly-announced]");
const sentence = main.querySelector("[data-assembly-sentence]");
const count = main.querySelector("[data-assembly-count]");
const [back, forward] = ["-1", "1"].map((by) => main.querySelector(`[data-assembly-step="${by}"]`));
const play = main.querySelector("[data-assembly-play]");
const playLabel = play.textContent.trim();
let place = Number(main.dataset.place);
let timer = null;

const addressOf = (number) => (number ? `${location.pathname}?place=${number}` : location.pathname);

/** Return the row at hand, and the seats of its canton, from the first to the last. */
function rowAtHand() {
  const row = rows.find((one) => place >= Number(one.dataset.first) && place <= Number(one.dataset.last));
  const ofCanton = rows.filter((one) => one.dataset.canton === row.dataset.canton);
  return {
    row, first: Number(ofCanton[0].dataset.first), last: Number(ofCanton.at(-1).dataset.last), canton: Number(row.dataset.canton),
  };
}

function kindOf(number, { first, last }) {
  const isAtHand = place > 0 && number >= first && number <= last;
  if (number <= place) return isAtHand ? "current" : "announced";
  return isAtHand && number === place + 1 ? "next" : "awaited";
}

function show(number) {
  place = Math.min(Math.max(number, 0), total);
  const atHand = rowAtHand();
  for (const row of rows) row.hidden = row !== atHand.row;
  for (const name of names) name.classList.toggle("awaited", Number(name.dataset.assemblySeat) > place);
  seats.forEach((seat, index) => {
    const kind = kindOf(index + 1, atHand);
    for (const one of KINDS) seat.classList.toggle(one, one === kind);
  });
  const cantons = [...announced.querySelectorAll("[data-canton]")];
  for (const canton of cantons) canton.hidden = Number(canton.dataset.canton) >= atHand.canton;
  announced.hidden = cantons.every((canton) => canton.hidden);
  count.hidden = place === 0;
  count.querySelector("[data-assembly-number]").textContent = place;
  sentence.textContent = names.find((name) => Number(name.dataset.assemblySeat) === place)?.dataset.sentence ?? sentence.dataset.opening;
  setLink(back, place - 1, place > 0, forward);
  setLink(forward, place + 1, place < total, back);
  history.replaceState(null, "", addressOf(place));
}

/** Point a link at its step; without one it goes, and gives the focus to the other. */
function setLink(link, number, isOpen, other) {
  const hadFocus = document.activeElement === link;
  link.hidden = !isOpen;
  if (isOpen) link.href = addressOf(number);
  else if (hadFocus) {
    other.hidden = false;
    other.focus();
  }
}

function pause() {
  clearInterval(timer);
  timer = null;
  play.textContent = playLabel;
}

function advance() {
  show(place + 1);
  if (place === total) pause();
}

function togglePlay() {
  if (timer) return pause();
  if (place === total) show(0);
  timer = setInterval(advance, PLAY_MS);
  play.textContent = play.dataset.pause;
}

function step(by) {
  pause();
  show(place + by);
}

for (const [link, by] of [[back, -1], [forward, 1]])
  link.addEventListener("click", (event) => {
    event.preventDefault();
    step(by);
  });
play.addEventListener("click", togglePlay);
play.hidden = false;
onPresenterKeys({ step, restart: () => step(-place) });
