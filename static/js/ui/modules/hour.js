// An hour as French writes it: « 9 h 30 », « 18 h » (`format_time` says it on the server).
export function hourWords(moment) {
  const minutes = moment.getMinutes();
  return `${moment.getHours()}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
}
