// Draws each picture over its still image. Where this cannot run, the still images remain.
const dark = matchMedia("(prefers-color-scheme: dark)");
const boxes = [...document.querySelectorAll("[data-picture]")];

function themed(box, theme) {
  const spec = JSON.parse(document.getElementById(box.dataset.picture).textContent);
  for (const param of spec.params ?? []) {
    if (param.name in theme) param.value = theme[param.name];
  }
  const { aspect, least_width: least } = spec.usermeta;
  if (aspect) spec.height = Math.round(Math.max(box.clientWidth, least) * aspect);
  if (box.clientWidth < least) spec.width = least;
  else if (box.clientWidth < 560) Object.assign(spec.config.axis, { labelLimit: 130, labelFontSize: 11 });
  return spec;
}

async function draw(box) {
  const still = box.parentElement.querySelector(".still");
  const image = still.querySelector("img");
  box.hidden = false;
  const spec = themed(box, dark.matches ? themes.dark : themes.light);
  try {
    await vegaEmbed(box, spec, {
      renderer: "svg",
      actions: false,
      tooltip: { theme: dark.matches ? "dark" : "light", disableDefaultStyle: false },
    });
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", image.alt);
    still.style.display = "none";
  } catch (error) {
    box.hidden = true;
    still.style.display = "";
    console.error(error);
  }
}

async function drawAll() {
  for (const box of boxes) await draw(box);
}

drawAll();
dark.addEventListener("change", drawAll);
