/* Only improves the link "Leave this page now": no entry of this page stays to go back to, and Escape three times does the same. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;
  const leave = () => {
    document.documentElement.hidden = true;
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });

  let times = 0;
  let before = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { times = 0; return; }
    times = event.timeStamp - before < 3000 ? times + 1 : 1;
    before = event.timeStamp;
    if (times === 3) leave();
  });
});
