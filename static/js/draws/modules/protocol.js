// Protocol AC-TIRAGE/1, as in members/sortition/protocol.py and verifier.py.
const TICKETS = 10000;
const HEADER = "AC-TIRAGE/1";
const NAMES = ["annonce.txt", "quotas.csv", "lots.csv"];
const ENCODER = new TextEncoder();

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parseAnnouncement(content) {
  const [header, ...lines] = new TextDecoder().decode(content).split("\n");
  const fields = Object.fromEntries(lines.filter(Boolean).map((line) => line.split("=", 2)));
  return { header, ...fields };
}

function digits(text, separator) {
  return text.replace(/[\s.,;-]/g, "").split("").join(separator);
}

export function readLots(content) {
  const [header, ...rows] = new TextDecoder().decode(content).split("\n");
  if (header !== "lot,de,a,membres" || rows.pop() !== "") throw new Error("lots.csv n’a pas la forme attendue.");
  let next = 0;
  const lots = rows.map((row) => {
    const [number, first, last, members, extra] = row.split(",");
    const lot = { number: Number(number), first: Number(first), last: Number(last), members: (members ?? "").split(" ") };
    const sorted = [...new Set(lot.members)].sort((a, b) => (a < b ? -1 : 1));
    if (lot.members.join(" ") !== sorted.join(" ")) throw new Error(`lots.csv : les membres du lot ${number} ne sont pas ceux d’un panel.`);
    if (extra !== undefined || !(lot.first === next && lot.last >= lot.first)) {
      throw new Error(`lots.csv : le lot ${number} ne suit pas le précédent.`);
    }
    next = lot.last + 1;
    return lot;
  });
  if (next !== TICKETS) throw new Error("lots.csv : les billets ne vont pas de 0 à 9999.");
  if (new Set(lots.map((lot) => lot.members.length)).size !== 1) throw new Error("lots.csv : les panels n’ont pas la même taille.");
  return lots;
}

async function rank(seed, label, ids) {
  const hashed = await Promise.all(ids.map(async (id) => {
    const suffix = ENCODER.encode(`|${label}|${id}`);
    const message = new Uint8Array(seed.length + suffix.length);
    message.set(seed);
    message.set(suffix, seed.length);
    return [hex(await sha256(message)), id];
  }));
  return hashed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id);
}

async function matchesResult(problems, outcome, seed, result) {
  if (!result) return false;
  let same = result.billet === outcome.ticket && result.lot === outcome.lot && result.graine === outcome.seed
    && result.membres.join(" ") === outcome.members.join(" ");
  for (const ids of Object.values(result.suppleants)) {
    same &&= (await rank(seed, "suppleants", ids)).join(" ") === ids.join(" ");
  }
  if (!same) problems.push("Le résultat publié est différent.");
  return same;
}

// Return the outcome of the digits and every problem; `result` is the published result, to compare with.
export async function replay(contents, balls, dice, result) {
  const problems = NAMES.filter((name) => !contents[name]).map((name) => `Le fichier ${name} manque.`);
  if (problems.length) return { problems };
  const announcement = parseAnnouncement(contents["annonce.txt"]);
  if (announcement.header !== HEADER) problems.push("annonce.txt n’est pas une annonce AC-TIRAGE/1.");
  for (const [name, field] of [["quotas.csv", "quotas"], ["lots.csv", "lots"], ["pool.csv", "pool"]]) {
    if (contents[name] && hex(await sha256(contents[name])) !== announcement[field]) {
      problems.push(`${name} a changé depuis l’annonce : son empreinte est différente.`);
    }
  }
  let lots = [];
  try { lots = readLots(contents["lots.csv"]); } catch (error) { problems.push(error.message); }
  const boules = digits(balls, "-");
  const des = digits(dice, ".");
  if (!/^\d(-\d){3}$/.test(boules)) problems.push("Écrivez quatre boules, de 0 à 9.");
  if (!/^[1-6](\.[1-6])*$/.test(des)) problems.push("Écrivez les dés, de 1 à 6.");
  if (problems.length) return { problems };
  const message = `${new TextDecoder().decode(contents["annonce.txt"])}boules=${boules}\ndes=${des}\n`;
  const ticket = boules.replaceAll("-", "");
  const lot = lots.find((each) => each.first <= Number(ticket) && Number(ticket) <= each.last);
  const seed = await sha256(ENCODER.encode(message));
  const outcome = { ticket, lot: lot.number, members: lot.members, seed: hex(seed) };
  return { ...outcome, isPublished: await matchesResult(problems, outcome, seed, result), problems };
}
