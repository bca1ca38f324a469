/** Telephone numbers as they are written here. */

/**
 * "0812-3098-7731" of "+6281230987731": the home country's as dialled, in fours; a foreign or short one as it is.
 * @param {string} number E.164, or the digits of what is none
 */
export function numberText(number) {
  const local = number.startsWith("+62") ? `0${number.slice(3)}` : number;
  if (!/^0\d{7,}$/.test(local)) return local;
  const groups = local.match(/\d{1,4}/g) ?? [local];
  const last = groups.at(-1) ?? "";
  if (groups.length > 2 && last.length < 3) groups.splice(-2, 2, groups[groups.length - 2] + last);
  return groups.join("-");
}
