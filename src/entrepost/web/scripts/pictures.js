// Draws every picture of a page in the colours of the screen. Where this cannot run, the tables remain.
const dark = matchMedia("(prefers-color-scheme: dark)");
const NAMES = ["ink", "muted", "rule", "paper", "land", "sea", "blue", "orange", "pale"];

function theme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function specOf(box) {
  const spec = JSON.parse(document.getElementById(box.dataset.picture).textContent);
  const colours = theme();
  for (const param of spec.params ?? []) {
    if (param.name in colours) param.value = colours[param.name];
  }
  const { aspect = 0, least_width: least = 0 } = spec.usermeta ?? {};
  if (aspect) spec.height = Math.round(Math.max(box.clientWidth, least) * aspect);
  if (box.clientWidth < least) spec.width = least;
  else if (box.clientWidth < 560 && spec.config?.axis) Object.assign(spec.config.axis, { labelLimit: 130, labelFontSize: 11 });
  return spec;
}

export async function draw(box) {
  try {
    await vegaEmbed(box, specOf(box), {
      renderer: "svg",
      actions: false,
      ast: true,
      defaultStyle: false,
      logLevel: 1,
      tooltip: { disableDefaultStyle: true },
    });
    box.toggleAttribute("data-dark", dark.matches);
    for (const drawn of box.querySelectorAll("svg")) drawn.setAttribute("aria-hidden", "true");
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; // moved sideways by keyboard, too
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", box.dataset.says);
  } catch (error) {
    console.error(error);
  }
}

async function drawAll() {
  for (const box of document.querySelectorAll("[data-picture]")) await draw(box);
}

drawAll();
dark.addEventListener("change", drawAll);
