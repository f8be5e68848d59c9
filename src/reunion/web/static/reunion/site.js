// Small conveniences of all pages. Nothing here is needed: each page works without it.

// A list of errors is read first; its links go to the field itself, with its label in sight.
const summary = document.querySelector(".govuk-error-summary");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) {
      return;
    }
    event.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") ?? field.labels?.[0] ?? field;
    label.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// The menu closes by Escape, and by a click elsewhere.
const openMenus = () => document.querySelectorAll(".menu details[open]");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

// What can be moved sideways can be reached by the keyboard.
const reachable = () => {
  for (const box of document.querySelectorAll("main table, main .wide")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
};
addEventListener("resize", reachable);
reachable();

// Where a part of a page was asked for and a whole one came, such as to sign in, it is shown whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const answered = new URL(xhr.responseURL, location).pathname;
  if (answered !== new URL(pathInfo.finalRequestPath, location).pathname) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  }
});
