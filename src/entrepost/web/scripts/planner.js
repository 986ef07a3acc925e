// Watches a plan that is being made: what is new takes the place of what was there; when it is done the page loads anew.
const SECONDS = 2;

async function look() {
  const box = document.querySelector("[data-watch]");
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.querySelector("[data-watch]");
    if (!news) return location.reload();
    for (const part of ["[role=status]", ".facts"]) {
      const [was, is] = [box.querySelector(part), news.querySelector(part)];
      if (was.innerHTML !== is.innerHTML) was.innerHTML = is.innerHTML;
    }
  } catch (error) {
    console.error(error);
  }
  setTimeout(look, SECONDS * 1000);
}

setTimeout(look, SECONDS * 1000);
