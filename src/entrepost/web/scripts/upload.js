// Sends a file as it is, tells how far it is, and goes on to how it is read.
const form = document.getElementById("upload-form");
const field = form?.querySelector("input[type=file]");
const bar = form?.querySelector("progress");
const says = form?.querySelector("[role=alert]");

function tell(text) {
  says.textContent = text;
  says.hidden = !text;
  bar.hidden = Boolean(text);
}

function send(file) {
  const request = new XMLHttpRequest();
  request.open("POST", `${form.dataset.address}?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-CSRF-Token", form.csrf.value);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("error", () => tell("The file did not arrive; try it again."));
  request.addEventListener("load", () => {
    let told = {};
    try {
      told = JSON.parse(request.responseText);
    } catch {
      told = {};
    }
    if (told.address) location.assign(told.address);
    else tell(told.message ?? told.error?.message ?? told.detail ?? "The file was not taken.");
  });
  tell("");
  request.send(file);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.files.length) send(field.files[0]);
});
form?.addEventListener("dragover", (event) => event.preventDefault());
form?.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
});
