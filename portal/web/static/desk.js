/* What a browser with scripts adds to the desk. Every form works without it.
   1. The story becomes a rich field (story.js) when marked text is pasted into it, or was before.
   2. Words and links are counted while one types.
   3. Leaving with unsaved words asks first. */
let unsaved = false;

/* One hidden field, a select or radios: all have a value. */
const format = (area) => area.form && area.form.elements.namedItem("body_format");

/* ---- 1. the story ---- */
const MARKED = /<(p|div|li|a|h[1-6]|b|strong|em|i|br|table|span|del|s|sup|sub)\b/i;

for (const area of document.querySelectorAll("textarea[data-rich]")) {
  const rich = () => import(area.dataset.rich);
  area.addEventListener("paste", async (event) => {
    const html = event.clipboardData.getData("text/html"), text = event.clipboardData.getData("text/plain");
    if (!MARKED.test(html)) return;
    event.preventDefault();
    const isRich = await rich().then((story) => story.pasteInto(area, html), () => false);
    /* The old command is the only one that leaves the paste to "undo". */
    if (!isRich && !document.execCommand("insertText", false, text)) area.setRangeText(text);
  });
  const chosen = format(area);
  if (chosen && chosen.value === "html") rich().then((story) => story.show(area, "html"));
  area.form.addEventListener("change", ({ target }) => {
    if (target.name !== "body_format" || !(target.value === "html" || area.leaveRich)) return;
    rich().then((story) => story.show(area, target.value));
  });
}

/* ---- 2. counting ---- */
const graphemes = (text) => ("Segmenter" in Intl ? [...new Intl.Segmenter().segment(text)] : [...text]).length;

/* The rule of the server, by the script of the letters: which scripts have no spaces, and how many of their characters
   stand for a word, comes with the page. */
const words = (text, unspaced) => {
  let number = 0;
  for (const [perWord, run] of unspaced) {
    let inside = 0;
    text = text.replace(run, (found) => { inside += graphemes(found); return " "; });
    number += Math.ceil(inside / perWord);
  }
  return number + text.split(/\s+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
};

const unspacedOf = (line) => Object.entries(JSON.parse(line.dataset.unspaced))
  .map(([perWord, run]) => [Number(perWord), new RegExp(run, "gu")]);

/* What a reader will see: no tags, no marks of Markdown, of a link its words; the numbers of a list, and not what was
   struck out. */
const said = (text, written) => withoutEndMark(written === "html" ? saidByMarkup(text) : joined(written === "markdown" ? unmarked(text) : text));

const saidByMarkup = (html) => {
  const parted = html.replace(/<\/(p|div|li|h\d|blockquote|tr|td|th|ul|ol)>|<(br|ul|ol)\b[^>]*>/gi, "$&\n");
  const body = new DOMParser().parseFromString(parted, "text/html").body;
  for (const gone of body.querySelectorAll("del, s, strike")) gone.remove();
  for (const item of body.querySelectorAll("ol > li")) if (item.textContent.trim()) item.prepend("1. ");
  return body.textContent;
};

const unmarked = (text) => text.replace(/\]\((?:<[^>\n]*>|[^)]*)\)/g, "").replace(/^#+\s|[[*_`\\]/gm, "");

/* A word that a program broke at the end of a long line is one. */
const joined = (text) => text.replace(/^(.{40,}\p{L}[-\u00ad])\n(?=\p{L})/gmu, "$1");

/* `###`, `-30-` and `ENDS` on a line of their own, near the end, are not printed. */
const END_MARK = /^\s*(?:#\s?#\s?#|[-–—]\s?30\s?[-–—]|(?:[-–—]\s?)?ends(?:\s?[-–—])?)\s*$/i;

const withoutEndMark = (text) => {
  const lines = text.split("\n");
  const filled = lines.flatMap((line, place) => (line.trim() ? [place] : [])).slice(-12).reverse();
  const found = filled.find((place) => END_MARK.test(lines[place]));
  if (found !== undefined) lines[found] = "";
  return lines.join("\n");
};

/* Each address counts once, and ends where the server ends it: before a sign that is no part of one. */
const ADDRESS = /(?:https?:\/\/|mailto:)(?:[!#-)+-;=?-\\^-~[]|(?![\x00-\x7f])[\p{L}\p{M}\p{N}])+/giu;

const linksIn = (text, written) => {
  const bare = (words) => (words.match(ADDRESS) || []).map((each) => each.replace(/[.,;:!?')]+$/, ""));
  if (written !== "html") return new Set(bare(text)).size;
  const body = new DOMParser().parseFromString(text, "text/html").body;
  const links = [...body.querySelectorAll("a[href]")].map((each) => { each.remove(); return each.getAttribute("href"); });
  return new Set([...links, ...bare(body.textContent)]).size;
};

const count = (area, line, unspaced) => {
  const written = format(area) ? format(area).value : "text";
  const number = words(said(area.value, written), unspaced);
  const links = linksIn(area.value, written);
  const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
  line.textContent = counted(number, "word", "words") + (links ? `, ${counted(links, "link", "links")}` : "");
};

for (const line of document.querySelectorAll("[data-counts]")) {
  const area = document.getElementById(line.dataset.counts);
  if (!area) continue;
  const unspaced = unspacedOf(line);
  area.form.addEventListener("input", () => count(area, line, unspaced));
  count(area, line, unspaced);
}

for (const line of document.querySelectorAll("[data-room]")) {
  const field = document.getElementById(line.dataset.room);
  const most = Number(line.dataset.most);
  if (!field || !most) continue;
  const show = () => { line.textContent = `${graphemes(field.value.trim())} of ${most}`; };
  field.addEventListener("input", show);
  show();
}

/* A line that grows is a line all the same: Enter saves and goes on, as in every other. */
for (const area of document.querySelectorAll("textarea[data-line]")) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    area.form.requestSubmit(area.form.querySelector("button[name=go]"));
  });
}

/* ---- 3. unsaved words ---- */
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", (event) => { if (event.isTrusted) unsaved = true; });
  form.addEventListener("unsaved", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
}
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
