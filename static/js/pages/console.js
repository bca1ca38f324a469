/** The console: calls, the call form, incidents, the command line, wired to one store and one key table. */

import { selection } from "../components/selection.js";
import { mountSounds } from "../components/sounds.js";
import { bindKeys } from "../core/keys.js";
import { place, Screen } from "../core/screen.js";
import { undoLast } from "../core/toast.js";
import { mountAlarms } from "../features/alarms/index.js";
import { mountCalls } from "../features/calls/index.js";
import { myself } from "../features/calls/operator-state.js";
import { howItRings } from "../features/calls/ringing.js";
import { focusCommand, mountCommand } from "../features/command/index.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";
import { dispatchKeys, mountDispatch } from "../features/incidents/index.js";
import { mountWarnings } from "../features/warnings/approval.js";

const screen = new Screen(place("console"));

const alarms = mountAlarms(screen, {
  openIncident: (id) => selection.chooseIncident(id),
  openCall: (id) => selection.chooseCall(id),
});

/** What the middle and the right are about: an incident is the dispatcher's, all else the call-taker's. */
function showParts() {
  const incident = selection.incident !== null;
  for (const id of ["dispatch-middle", "dispatch-right"]) place(id).hidden = !incident;
  for (const id of ["call-pane", "call-right", "call-below"]) place(id).hidden = incident;
}

// A waiting call rings where somebody is ready to take it, and softly where somebody talks.
const sounds = mountSounds(screen, { rings: (call) => howItRings(call, myself(screen)) });
const callKeys = mountCalls(screen, sounds);
mountDispatch(screen, {
  left: place("dispatch-left"),
  middle: place("dispatch-middle"),
  right: place("dispatch-right"),
});
mountCommand(screen, place("command"));
const warnings = mountWarnings(screen);
bindKeys({
  help: toggleHelp,
  undo: undoLast,
  sound: sounds.toggle,
  warnings,
  command: focusCommand,
  ...callKeys,
  ...dispatchKeys(),
  alarms: alarms.open,
});
selection.onChange(showParts);
showParts();
watchLeaving(screen);
screen.start();
