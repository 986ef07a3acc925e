// Tells how far a file is, and loads the page anew when it is done.
const place = document.getElementById("progress");

async function look() {
  const answer = await fetch(place.dataset.address, { headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok || ["done", "failed"].includes(told.state)) return location.reload();
  for (const part of document.querySelectorAll("[data-told]")) {
    const value = told[part.dataset.told];
    part.textContent = typeof value === "number" ? value.toLocaleString("en") : value;
  }
  const bar = place.querySelector("progress[max]");
  if (bar) [bar.max, bar.value] = [Math.max(told.position + told.waiting, 1), told.position];
  setTimeout(look, 1000);
}

if (place) setTimeout(look, 600);
