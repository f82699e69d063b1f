// Passkeys on forms. A template loads this with <script type="module" src="…/passkey.js"> and writes:
//
//   <p data-without-passkeys>…</p>        shown where the browser knows no passkeys (or runs no script)
//   <form hidden method="post" action="…" data-passkey="register" data-options="…"
//         data-cancelled="…" data-known="…" data-failed="…">      "sign-in" needs no data-known
//     <input type="hidden" name="csrf" value="…">
//     <input type="hidden" name="answer">
//     <button>…</button>
//     <p role="status" data-passkey-error></p>
//   </form>
//
// data-options is the address of the options, {"publicKey": …}; it is posted to with the form's csrf. The browser's
// answer goes into `answer` as JSON, and the form is submitted. What people read is the template's, in either language.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (credentials) => credentials?.map((known) => ({ ...known, id: toBytes(known.id) }));

// The next three stand in for parseCreationOptionsFromJSON, parseRequestOptionsFromJSON and toJSON (WebAuthn Level 3),
// which browsers before 2025 lack.
const creationOptions = (options) => ({
  ...options,
  challenge: toBytes(options.challenge),
  user: { ...options.user, id: toBytes(options.user.id) },
  excludeCredentials: withBytes(options.excludeCredentials) ?? [],
});

const requestOptions = (options) => ({
  ...options,
  challenge: toBytes(options.challenge),
  allowCredentials: withBytes(options.allowCredentials) ?? [],
});

function written(credential) {
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const bytes = (name) => (response[name] ? toText(response[name]) : undefined);
  return {
    id,
    rawId: toText(rawId),
    type,
    authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: bytes("clientDataJSON"),
      attestationObject: bytes("attestationObject"),
      transports: response.getTransports?.(),
      authenticatorData: bytes("authenticatorData"),
      signature: bytes("signature"),
      userHandle: bytes("userHandle"),
    },
  };
}

function answerOf(credential) {
  try {
    return JSON.stringify(credential.toJSON());
  } catch {
    // Old browsers have no toJSON, and that of some password managers throws.
    return JSON.stringify(written(credential));
  }
}

const ceremonies = {
  register: (options) => {
    const parse = PublicKeyCredential.parseCreationOptionsFromJSON?.bind(PublicKeyCredential) ?? creationOptions;
    return navigator.credentials.create({ publicKey: parse(options) });
  },
  "sign-in": (options) => {
    const parse = PublicKeyCredential.parseRequestOptionsFromJSON?.bind(PublicKeyCredential) ?? requestOptions;
    return navigator.credentials.get({ publicKey: parse(options) });
  },
};

async function optionsFor(form) {
  const response = await fetch(form.dataset.options, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ csrf: form.elements.csrf.value }),
  });
  if (!response.ok) {
    throw new Error(`${form.dataset.options}: ${response.status}`);
  }
  return (await response.json()).publicKey;
}

// NotAllowedError: the person said no or waited too long, browsers do not tell which.
// InvalidStateError: this device has a passkey of this person already.
function wordsFor(error, { cancelled, known, failed }) {
  return { NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known }[error.name] ?? failed ?? "";
}

async function perform(form) {
  const told = form.querySelector("[data-passkey-error]");
  const buttons = form.querySelectorAll("button");
  const setBusy = (isBusy) => buttons.forEach((button) => (button.disabled = isBusy));
  told.textContent = "";
  setBusy(true);
  try {
    const credential = await ceremonies[form.dataset.passkey](await optionsFor(form));
    form.elements.answer.value = answerOf(credential);
    form.submit();
  } catch (error) {
    console.error(error);
    told.textContent = wordsFor(error, form.dataset);
    setBusy(false);
  }
}

const isAvailable = "PublicKeyCredential" in window;

for (const notice of document.querySelectorAll("[data-without-passkeys]")) {
  notice.hidden = isAvailable;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !isAvailable;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    perform(form);
  });
}

// A page that comes back from the browser's history would otherwise keep its button disabled and its old answer.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      form.elements.answer.value = "";
      form.querySelectorAll("button").forEach((button) => (button.disabled = false));
    }
  }
});
