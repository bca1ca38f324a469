/** A passkey's form: asks the browser for a new passkey, or for the answer of one, and sends it as JSON. */

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What the server asks, with bytes where the browser wants bytes. @param {any} asked */
function options(asked) {
  /** @param {any[] | undefined} list */
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const made = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) made.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) made.excludeCredentials = keys(asked.excludeCredentials);
  if (asked.allowCredentials) made.allowCredentials = keys(asked.allowCredentials);
  return made;
}

/** The browser's answer as JSON. @param {PublicKeyCredential} credential */
function answer(credential) {
  const given = /** @type {any} */ (credential.response);
  /** @type {Record<string, any>} */
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.passkey"));
const hint = /** @type {HTMLElement | null} */ (form?.querySelector("[data-failed]"));

/** @param {string | undefined} words */
function show(words) {
  if (!hint) return;
  hint.textContent = words ?? "";
  hint.hidden = !words;
}

async function ask() {
  if (!form) return;
  if (!navigator.credentials || !window.PublicKeyCredential) return show(hint?.dataset.none);
  show("");
  const publicKey = options(JSON.parse(form.dataset.ask ?? "{}"));
  try {
    const credential = await (form.dataset.do === "create"
      ? navigator.credentials.create({ publicKey })
      : navigator.credentials.get({ publicKey }));
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = answer(
      /** @type {PublicKeyCredential} */ (credential),
    );
    form.submit();
  } catch {
    show(hint?.dataset.failed);
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
