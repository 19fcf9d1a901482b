// The settings that the server writes on the page: the text, the user and their right.
export const RIGHTS = { none: 0, read: 1, comment: 2, suggest: 3, write: 4 };

export function settingsOf(root) {
  const { text, user, name, right, state, socket, exchange, threads, late, firstNumber } = root.dataset;
  return {
    text, name, state, socket, exchange, threads, late,
    user: Number(user),
    right: Number(right),
    firstNumber: Number(firstNumber) || 1,
    csrfToken: () => document.querySelector("[data-assembly-csrf]").dataset.assemblyCsrf,
  };
}
