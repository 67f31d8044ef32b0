/* Passkeys: asks the browser what the form's question says, puts the answer into the form and sends it. Without this file the form stays
   hidden, and the code from an authenticator app does the same. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const [failed, there] = ["failed", "there"].map((what) => form.querySelector(`[data-passkey-${what}]`));
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = () => {
    const question = JSON.parse(form.dataset.question);
    question.challenge = bytes(question.challenge);
    if (question.user) question.user.id = bytes(question.user.id);
    question.excludeCredentials = named(question.excludeCredentials);
    question.allowCredentials = named(question.allowCredentials);
    return { publicKey: question };
  };
  const written = (credential) => {
    const response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  document.querySelectorAll("[data-passkey-shown]").forEach((part) => { part.hidden = false; });
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const name = form.elements.namedItem("name");
    if (name && !name.value.trim()) return;  // the server says what is missing
    event.preventDefault();
    failed.hidden = there.hidden = true;
    try {
      form.elements.namedItem("answer").value = written(await navigator.credentials[form.dataset.passkey](asked()));
      form.submit();
    } catch (error) {
      (error.name === "InvalidStateError" ? there : failed).hidden = false;
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    }
  });
});
