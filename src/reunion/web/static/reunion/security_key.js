// Says on the page that a key was refused, and opens the button once somebody listens to it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("use_key");
  const refused = document.getElementById("key_refused");

  button.addEventListener("click", () => {
    refused.hidden = true;
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    refused.hidden = false;
  });
  button.disabled = false;
});
