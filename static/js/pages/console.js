/** The console: calls, the call form, incidents, the command line, wired to one store and one key table. */
import { focusCommand, mountCommand } from "../command/index.js";
import { mountCalls } from "../console/calls/index.js";
import { dispatchKeys, mountDispatch } from "../console/dispatch/index.js";
import { selection } from "../console/selection.js";
import { myself } from "../console/calls/my_state.js";
import { howItRings } from "../console/calls/ring.js";
import { toggleHelp } from "../help.js";
import { bindKeys } from "../keys.js";
import { watchLeaving } from "../leaving.js";
import { mountAlarms } from "../parts/acknowledge.js";
import { mountWarnings } from "../parts/warnings.js";
import { Screen, place } from "../screen.js";
import { mountSounds } from "../sounds.js";
import { undoLast } from "../undo.js";

const screen = new Screen(place("console"));

const alarms = mountAlarms(screen, { openIncident: (id) => selection.chooseIncident(id), openCall: (id) => selection.chooseCall(id) });

/** What the middle and the right are about: an incident is the dispatcher's, all else the call-taker's. */
function showParts() {
  const incident = selection.incident !== null;
  for (const id of ["dispatch-middle", "dispatch-right"]) place(id).hidden = !incident;
  for (const id of ["call-pane", "call-right", "call-below"]) place(id).hidden = incident;
}

// A waiting call rings where somebody is ready to take it, and softly where somebody talks.
const sounds = mountSounds(screen, { rings: (call) => howItRings(call, myself(screen)) });
const callKeys = mountCalls(screen, sounds);
mountDispatch(screen, { left: place("dispatch-left"), middle: place("dispatch-middle"), right: place("dispatch-right") });
mountCommand(screen, place("command"));
const warnings = mountWarnings(screen);
bindKeys({ help: toggleHelp, undo: undoLast, sound: sounds.toggle, warnings, command: focusCommand, ...callKeys, ...dispatchKeys(), alarms: alarms.open });
selection.onChange(showParts);
showParts();
watchLeaving(screen);
screen.start();
