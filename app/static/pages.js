/* The browser's own "back" and "forward" between the pages of one form (docs/decisions/0025). With this file the pages of a form come one after
   the other into the same document, and only its memory holds what was typed: no entry of the history has a form to send once more, and nothing
   of it gets into the file from which a browser restores its tabs. Without it each page is a document of its own, with a "back" of its own.
   `data-place` of a form is the button that leads to the page; an empty one leads nowhere back. Entries of the history hold a number and
   nothing else. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  // What leads to a mistake is a link only here: followed without scripts it would leave an address in the history that tells what was done.
  document.querySelectorAll("[data-field]").forEach((link) => { link.href = `#${link.dataset.field}`; });

  // Outlives the page that is shown, not the document.
  const memory = (window.schottenPages ||= { places: [], address: "", typed: null, turn: 0 });
  const form = document.querySelector("form[data-place]");
  const place = form ? form.dataset.place : "";
  if (!form && !memory.places.length) return;
  history.scrollRestoration = "manual";
  if (!memory.places.length) history.replaceState(0, "");
  else {
    // A new page begins at its top, and a screen reader with its heading, or with what is wrong.
    if (!document.querySelector("[data-error-summary]")) document.getElementById("content").focus({ preventScroll: true });
    window.scrollTo({ top: 0, behavior: "instant" });
  }
  if (form) {
    memory.places[history.state] = place;
    memory.address = form.getAttribute("action");
  }

  // Nothing was sent: the form stays as it is, and says why.
  const stay = (words) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    words.hidden = false;
    words.focus();
  };
  const files = (fields) => [...fields.entries()].filter(([, value]) => value instanceof File);
  const most = document.querySelector("[data-most]");
  const tooLarge = (fields) => most && files(fields).reduce((sum, [, file]) => sum + file.size, 0) > Number(most.dataset.most);

  const show = async (fields, isBack) => {
    const turn = ++memory.turn;
    let answer, page;
    try {
      answer = await fetch(memory.address, { method: "POST", body: fields, redirect: "error" });
      page = await answer.text();
    } catch {
      if (turn === memory.turn && form) stay(document.querySelector("[data-offline]"));
      return;
    }
    if (turn !== memory.turn) return;  // somebody went elsewhere meanwhile
    // After an answer that isn't one of the form's pages one can go back to what was typed; after the receipt there is nothing to go back to.
    memory.typed = answer.ok ? null : fields;
    const next = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-place]");
    if (!isBack && !(next && next.dataset.place === place)) history.pushState(history.state + 1, "");
    document.open();
    document.write(page);
    document.close();
  };

  if (form) form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const fields = new FormData(form);
    if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
    if (tooLarge(fields)) stay(most);
    else show(fields, false);
  });
  window.addEventListener("popstate", () => {
    const fields = place ? new FormData(form) : memory.typed;
    const wanted = memory.places[history.state];
    if (!fields || !wanted) return;
    if (!place || tooLarge(fields)) files(fields).forEach(([name]) => fields.delete(name));
    fields.set("go", wanted);
    show(fields, true);
  });
});
