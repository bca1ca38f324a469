/**
 * What the console is about: a call, an incident, or nothing; kept in the address, so that a reload comes back to it.
 */

/** @typedef {{call: string | null, incident: string | null}} Chosen */

class Selection extends EventTarget {
  constructor() {
    super();
    const asked = new URLSearchParams(location.search);
    /** The call whose form is open; null for none. @type {string | null} */
    this.call = asked.get("call");
    /** The incident whose pane is open; null for none. @type {string | null} */
    this.incident = asked.get("incident");
  }

  /** Open a call's form, in place of whatever was open. @param {string | null} id */
  chooseCall(id) {
    this.choose({ call: id, incident: null });
  }

  /** Open an incident's pane, in place of whatever was open. @param {string | null} id */
  chooseIncident(id) {
    this.choose({ call: null, incident: id });
  }

  /** @param {Chosen} chosen */
  choose({ call, incident }) {
    if (call === this.call && incident === this.incident) return;
    this.call = call;
    this.incident = incident;
    const address = new URLSearchParams();
    if (call) address.set("call", call);
    if (incident) address.set("incident", incident);
    history.replaceState(null, "", address.size ? `?${address}` : location.pathname);
    this.dispatchEvent(new Event("change"));
  }

  /** Subscribe to changes of the selection. @param {() => void} hear */
  onChange(hear) {
    this.addEventListener("change", hear);
  }
}

export const selection = new Selection();
