/**
 * A unit's status by its FMS digit, as radios send it: with undo where the step back is allowed, and a supervisor's
 * force.
 */
import { Problem, post } from "../core/api.js";
import { say, sayProblem, unitBack } from "../core/toast.js";
import { fill, nameOf, names, words } from "../core/words.js";
import { openBar } from "./choice-bar.js";

/**
 * Do what a digit means for this unit (docs/rules/unit-states.md#fms-digits): 0 and 6 ask first.
 * @param {Api.UnitForm} unit
 * @param {string} digit 0 to 8
 * @param {{mayForce?: boolean}} [options]
 */
export async function setStatus(unit, digit, { mayForce = false } = {}) {
  const { callsign } = unit;
  if (digit === "0") {
    openBar({
      title: fill(words.ask_emergency, { callsign }),
      choices: [{ key: "0", label: words.yes_emergency, tone: "bad", act: () => raise(unit) }],
    });
  } else if (digit === "6") {
    openBar({
      title: fill(words.why_off, { callsign }),
      choices: [
        { key: "6", label: words.off_duty, act: () => report(unit, { status: "off_duty" }, mayForce) },
        ...["crew", "vehicle", "workshop", "fuel", "other"].map((why, at) => ({
          key: String(at + 1),
          label: words[`why_${why}`],
          act: () => report(unit, { status: "out_of_service", reason: words[`why_${why}`] }, mayForce),
        })),
      ],
    });
  } else await report(unit, { status: digit }, mayForce);
}

/** @param {Api.UnitForm} unit @param {{status: string, reason?: string, force?: boolean}} body @param {boolean} mayForce */
async function report(unit, body, mayForce) {
  const { callsign } = unit;
  try {
    const now = await post(`units/${encodeURIComponent(callsign)}/status`, body);
    if (now.flags.talk_request && body.status === "5") return say(fill(words.talk_asked, { callsign }));
    const back =
      now.status !== unit.status &&
      /** @type {any} */ (names.steps)[now.status]?.includes(unit.status) &&
      unit.status !== "dispatched" &&
      !unit.incident &&
      !now.incident;
    say(
      fill(words.status_set, { callsign, status: nameOf("statuses", now.status) }),
      back ? { undo: () => unitBack(unit, now) } : {},
    );
  } catch (error) {
    if (mayForce && error instanceof Problem && error.code === "step_not_allowed" && !body.force)
      askForce(unit, { ...body, status: error.members.wanted }, error);
    else sayProblem(error);
  }
}

/** @param {Api.UnitForm} unit @param {{status: string}} body @param {Problem} refused */
function askForce(unit, body, refused) {
  const title = fill(words.ask_force, {
    callsign: unit.callsign,
    state: nameOf("statuses", refused.members.state),
    status: nameOf("statuses", refused.members.wanted),
  });
  openBar({
    title,
    choices: ["radio", "wrong", "device"].map((why, at) => ({
      key: String(at + 1),
      label: words[`force_${why}`],
      tone: /** @type {const} */ ("bad"),
      act: () => report(unit, { ...body, force: true, reason: words[`force_${why}`] }, true),
    })),
  });
}

/** @param {Api.UnitForm} unit */
async function raise(unit) {
  await flag(unit, "emergency", true, words.emergency_raised);
}

/** Somebody has talked to the crew. @param {Api.UnitForm} unit */
export async function endTalk(unit) {
  await flag(unit, "talk-request", false, words.talk_ended);
}

/** @param {Api.UnitForm} unit @param {"emergency" | "talk-request"} which @param {boolean} active @param {string} text */
async function flag(unit, which, active, text) {
  const path = `units/${encodeURIComponent(unit.callsign)}/${which}`;
  try {
    await post(path, { active });
    // An emergency raised by mistake ends as any other: after voice contact with the crew.
    say(fill(text, { callsign: unit.callsign }), active ? {} : { undo: () => post(path, { active: true }) });
  } catch (error) {
    sayProblem(error);
  }
}
