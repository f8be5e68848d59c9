// The first thing in the body: what is only for pages without scripts is then never seen.
document.body.classList.add("js-enabled");
