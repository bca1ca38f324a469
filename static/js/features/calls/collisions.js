/** A change that met another one: what somebody else has put into the same fields, and who. */
import { get, Problem } from "../../core/api.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {{field: string, theirs: any, by: string}} Conflict by: the reference of an actor, such as "user:UUID" */

/** What somebody else has put into a field, in words. @param {Conflict} conflict @returns {string} */
function remoteText({ field, theirs }) {
  if (theirs === null || theirs === undefined) return words.unknown;
  if (field === "type") return `${theirs} ${nameOf("types", theirs)}`;
  if (field === "priority") return `P${theirs}`;
  if (field === "location") return theirs.text || words.unknown;
  return typeof theirs === "boolean" ? (theirs ? words.yes : words.no) : String(theirs);
}

/**
 * The name of an actor: of an operator, or else as the incident's timeline names them.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {string} incident
 * @param {string} ref
 * @returns {Promise<string>}
 */
async function nameOfActor(screen, incident, ref) {
  const operator = screen.store.things.operators.get(ref.replace("user:", ""));
  if (operator) return operator.name;
  try {
    const { items } = await get(`incidents/${incident}/timeline`);
    return items.find((/** @type {any} */ item) => item.actor.ref === ref)?.actor.name ?? words.somebody_else;
  } catch (error) {
    if (error instanceof Problem) return words.somebody_else;
    throw error;
  }
}

/**
 * Show who has changed the same fields of an incident, and to what.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {string} incident
 * @param {Conflict[]} conflicts
 */
export async function showCollision(screen, incident, conflicts) {
  const fields = await Promise.all(
    conflicts.map(async (one) =>
      fill(words.collided_field, {
        field: words[`field_${one.field}`] ?? one.field,
        theirs: remoteText(one),
        by: await nameOfActor(screen, incident, one.by),
      }),
    ),
  );
  say(fill(words.collided, { fields: fields.join("; ") }), { tone: "bad", seconds: 12 });
}
