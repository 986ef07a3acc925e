// What pages of the tower share: questions before something is undone, and forms that send once.
for (const form of document.querySelectorAll("form[data-sure]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.sure)) event.preventDefault();
  });
}

for (const list of document.querySelectorAll("select[data-goes]")) {
  list.addEventListener("change", () => list.form.requestSubmit());
}
