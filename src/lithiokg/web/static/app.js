/* Conveniences alone: every page works without. */
"use strict";
(function () {
  // A copy button on each block of code.
  if (navigator.clipboard) {
    document.querySelectorAll("pre > code").forEach(function (code) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(code.textContent).then(function () {
          button.textContent = "Copied";
          setTimeout(function () { button.textContent = "Copy"; }, 1500);
        });
      });
      code.parentNode.after(button);
    });
  }
  // "/" goes to the search box, as long as nobody writes.
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName))) return;
    var box = document.getElementById("site-q");
    if (box) { event.preventDefault(); box.focus(); }
  });
  // A link into a closed section opens it.
  function open() {
    var id = decodeURIComponent(location.hash.slice(1)), at = id && document.getElementById(id);
    for (var node = at; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (at) at.scrollIntoView();
  }
  window.addEventListener("hashchange", open);
  open();
  // Fields that are left empty need not stand in an address that is shared.
  document.querySelectorAll("form.ask").forEach(function (form) {
    form.addEventListener("submit", function () {
      var empty = Array.prototype.filter.call(form.elements, function (field) {
        return field.name && field.value === "" && !field.disabled;
      });
      empty.forEach(function (field) { field.disabled = true; });
      setTimeout(function () { empty.forEach(function (field) { field.disabled = false; }); }, 0);
    });
  });
})();
