// Passkeys and invitation links. Without this script time codes and typed codes do the same.
"use strict";

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const listed = (known) => (known || []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function make(options) {
  const asked = { ...options, challenge: toBytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
  asked.user = { ...options.user, id: toBytes(options.user.id) };
  const made = await navigator.credentials.create({ publicKey: asked });
  const response = {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
  };
  return { id: made.id, rawId: toText(made.rawId), type: made.type, response };
}

async function show(options) {
  const asked = { ...options, challenge: toBytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey: asked });
  const response = {
    clientDataJSON: toText(shown.response.clientDataJSON),
    authenticatorData: toText(shown.response.authenticatorData),
    signature: toText(shown.response.signature),
    userHandle: shown.response.userHandle ? toText(shown.response.userHandle) : null,
  };
  return { id: shown.id, rawId: toText(shown.rawId), type: shown.type, response };
}

async function answer(button) {
  const asked = await fetch(button.dataset.options, { method: "POST", headers: { Accept: "application/json" } });
  if (!asked.ok) throw new Error(String(asked.status));
  const options = await asked.json();
  return button.dataset.passkey === "make" ? make(options) : show(options);
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const part = button.closest("[data-passkey-part]");
  part.hidden = false;
  button.addEventListener("click", async () => {
    const failed = part.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      const field = document.getElementById(button.dataset.field);
      field.value = JSON.stringify(await answer(button));
      field.form.noValidate = true;
      field.form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    } finally {
      button.disabled = false;
    }
  });
}

// An invitation's code stands behind # in its link: it is put into the field, and taken out of the address.
const code = document.getElementById("code");
if (code && code.dataset.fromLink !== undefined && location.hash.length > 1 && !code.value) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.copied;
  });
}
