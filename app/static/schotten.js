/* Only improves: every page is complete without this file. No dependency, nothing stored, nothing loaded. */
"use strict";

document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const all = (selector) => document.querySelectorAll(selector);

  // An error summary takes the focus, so that screen readers and keyboards start there.
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // Its links put the cursor into the field, not only beside it.
  all("[data-error-summary] a").forEach((link) => link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const place = field.closest(".field") || field;
    place.scrollIntoView();
    const input = field.matches("fieldset") ? field.querySelector("input, select, textarea") || field : field;
    input.focus({ preventScroll: true });
  }));

  // What opens over the page (the menu, "More") closes on Escape and on a click beside it.
  const popups = () => all("details[data-popup][open]");
  document.addEventListener("click", (event) => popups().forEach((popup) => {
    if (!popup.contains(event.target)) popup.open = false;
  }));
  document.addEventListener("keydown", (event) => popups().forEach((popup) => {
    if (event.key !== "Escape") return;
    popup.open = false;
    if (popup.contains(document.activeElement)) popup.querySelector("summary").focus();
  }));

  // Codes: copy. The clipboard exists on https and localhost only.
  if (navigator.clipboard) all("[data-copy]").forEach((button) => {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  });

  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // Passphrases can be shown while typing, and are hidden again before they are sent.
  all("[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    const text = button.firstChild;
    const reveal = (shown) => {
      input.type = shown ? "text" : "password";
      text.textContent = shown ? button.dataset.hide : button.dataset.show;
      button.setAttribute("aria-pressed", String(shown));
    };
    button.hidden = false;
    button.addEventListener("click", () => reveal(input.type === "password"));
    if (input.form) input.form.addEventListener("submit", () => reveal(false));
  });

  // A second click on "send" does nothing. The button isn't disabled, or its name and value would be missing from
  // what is sent; the server refuses doubles itself, this only saves people the surprise.
  all('form[method="post"]').forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  }));
  // Coming back with the back button finds the form as it was, so it may be sent again.
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }));
});
