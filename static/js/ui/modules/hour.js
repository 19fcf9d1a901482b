// A time of day in French: « 9 h 30 », « 18 h » (`format_time` does it on the server).
export function formatHour(moment) {
  const minutes = moment.getMinutes();
  return `${moment.getHours()}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
}
