/* Follows a job: asks every second while the page is looked at, and for ten minutes after the last sign of somebody: a page that is
   left open must not keep its log-in alive. Without this file the page reloads itself every two seconds. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-job]");
  if (!box || !("moving" in box.dataset)) return;
  const [bar, count, note] = ["bar", "count", "note"].map((name) => box.querySelector(`[data-job-${name}]`));
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let left = 600;
  ["pointermove", "pointerdown", "keydown", "scroll"].forEach((sign) => document.addEventListener(sign, () => { left = 600; }, { passive: true }));
  const look = async () => {
    left -= 1;
    if (left > 0 && document.visibilityState === "visible") {
      const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
      if (answer && answer.ok) {
        const job = await answer.json();
        if (!job.moving) { location.reload(); return; }
        if (job.total) { bar.max = job.total; bar.value = Math.min(job.done, job.total); }
        count.textContent = job.total ? `${number.format(job.done)} / ${number.format(job.total)}` : number.format(job.done);
        note.textContent = job.note;
      } else if (answer) { location.reload(); return; }
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
});
